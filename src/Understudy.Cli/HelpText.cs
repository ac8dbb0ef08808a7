namespace Understudy.Cli;

/// <summary>From a description as it stands in the source to help: paragraphs are wrapped there, not here.</summary>
internal static class HelpText
{
    /// <summary>Every paragraph on one line; lines that are indented or follow an empty one stay as they are.</summary>
    public static string Flow(string description)
    {
        var lines = description.ReplaceLineEndings("\n").Split('\n');
        var joined = lines.Zip(lines.Skip(1), (before, line) => (IsProse(before) && IsProse(line) ? ' ' : '\n') + line);
        return lines[0] + string.Concat(joined);
    }

    /// <summary>The first sentence, without its full stop.</summary>
    public static string Summary(string description)
    {
        var paragraph = Flow(description).Split('\n', 2)[0];
        var end = paragraph.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? paragraph : paragraph[..end]).TrimEnd('.');
    }

    private static bool IsProse(string line) => line.Length > 0 && line[0] != ' ';
}
