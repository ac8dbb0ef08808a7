namespace Understudy.Tests;

/// <summary>Files of the repository that tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (File.Exists(Path.Combine(d.FullName, "Understudy.slnx"))) return d.FullName;
        }
        throw new InvalidOperationException("Understudy.slnx is in no folder above the tests");
    }
}
