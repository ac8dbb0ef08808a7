namespace Understudy.Studies;

/// <summary>Where everything that runs leave goes: <c>stages/</c>, shared by all studies, and one folder per study.</summary>
internal sealed class RunsFolder(string path)
{
    public const string Variable = "UNDERSTUDY_RUNS";

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Stages => System.IO.Path.Combine(Path, "stages");

    /// <summary>What UNDERSTUDY_RUNS says, or null.</summary>
    public static string? Chosen => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : null;

    /// <summary>UNDERSTUDY_RUNS, or runs/ in the current folder.</summary>
    public static RunsFolder Default => new(Chosen ?? "runs");

    /// <summary>Bytes of all files under a folder; those that vanish meanwhile count nothing.</summary>
    public static long SizeOf(string folder)
    {
        long bytes = 0;
        foreach (var f in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (new FileInfo(f) is { Exists: true } file) bytes += file.Length;
        }
        return bytes;
    }
}
