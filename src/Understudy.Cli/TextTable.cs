namespace Understudy.Cli;

/// <summary>Rows of cells as aligned columns: the first to the left, the others to the right.</summary>
internal static class TextTable
{
    /// <param name="rows">The headings first; all of one length.</param>
    /// <returns>A line per row, each with its line break.</returns>
    public static string Of(IReadOnlyList<string[]> rows)
    {
        var widths = rows[0].Select((_, i) => rows.Max(r => r[i].Length)).ToArray();
        return string.Concat(rows.Select(row =>
            string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd() + Environment.NewLine));
    }
}
