namespace Understudy.Cli;

/// <summary>Rows of cells as aligned columns, or as Markdown. The headings come first, and all rows are of one length.</summary>
internal static class TextTable
{
    /// <param name="left">So many columns are aligned to the left, the others to the right.</param>
    /// <returns>A line per row, each with its line break.</returns>
    public static string Of(IReadOnlyList<string[]> rows, int left = 1)
    {
        var widths = rows[0].Select((_, i) => rows.Max(r => r[i].Length)).ToArray();
        return string.Concat(rows.Select(row =>
            string.Join("  ", row.Select((cell, i) => Pad(cell, i))).TrimEnd() + "\n"));

        string Pad(string cell, int i) => i < left ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]);
    }

    /// <returns>As <see cref="Of"/>, and the line under the headings.</returns>
    public static string Markdown(IReadOnlyList<string[]> rows) =>
        string.Concat([Line(rows[0]), $"|{string.Concat(rows[0].Select(_ => "---|"))}\n", .. rows.Skip(1).Select(Line)]);

    private static string Line(string[] row) => $"| {string.Join(" | ", row)} |\n";
}
