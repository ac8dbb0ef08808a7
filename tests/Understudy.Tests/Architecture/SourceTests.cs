namespace Understudy.Tests.Architecture;

/// <summary>What the compiler and the formatter do not look at.</summary>
public sealed class SourceTests
{
    private const int Columns = 130;

    /// <summary>A text may run on: torn apart it cannot be searched for. Everything else has line breaks.</summary>
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Sources_LinesWithoutATextInThem_FitTheScreen(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")).ToList();
        Assert.NotEmpty(files);
        var wide = files.SelectMany(f => OutsideTexts(File.ReadAllLines(f)).Where(l => l.Text.Length > Columns)
            .Select(l => $"{Path.GetRelativePath(Repository.Root, f)}:{l.Number}"));
        Assert.Empty(wide);
    }

    /// <summary>Lines without a quotation mark that stand in no raw string of several lines.</summary>
    private static IEnumerable<(int Number, string Text)> OutsideTexts(string[] lines)
    {
        var inside = false;
        foreach (var (i, line) in lines.Index())
        {
            var raw = line.Split("\"\"\"").Length - 1;
            if (!inside && !line.Contains('"', StringComparison.Ordinal)) yield return (i + 1, line);
            if (raw % 2 == 1) inside = !inside;
        }
    }
}
