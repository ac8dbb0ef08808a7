using System.Text;

namespace Understudy.Common;

/// <summary>
/// RFC 4180 rows: the small tables between stages (split.csv, selection.csv, labels.csv), and images as text (fer2013.csv).
/// </summary>
internal static class Csv
{
    /// <summary>
    /// Characters of one row, its separators among them: an image of 2048 × 2048 pixels as text. What is longer is no table.
    /// </summary>
    public const int MaxRow = 1 << 24;

    /// <summary>Fields of one row: far more classes than anyone tells apart.</summary>
    public const int MaxFields = 1 << 16;

    public static string Escape(string field) =>
        field.AsSpan().IndexOfAny(",\"\n\r") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Row(params IEnumerable<string> fields) => string.Join(',', fields.Select(Escape)) + "\n";

    /// <summary>Rows with the line each one starts on; blank lines are passed over.</summary>
    /// <exception cref="InvalidDataException">
    /// A quote that is never closed, or a row of more than <see cref="MaxRow"/> characters or <see cref="MaxFields"/> fields: a
    /// file without line ends costs a message, not the memory of its size. </exception>
    public static IEnumerable<(int Line, string[] Fields)> Read(TextReader reader, string source)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        int line = 1, start = 1, length = 0;
        bool quoted = false, any = false;
        for (int c; (c = reader.Read()) >= 0;)
        {
            var ch = (char)c;
            if (++length > MaxRow || fields.Count == MaxFields) throw TooLong($"{source}:{start}", quoted, fields.Count);
            if (ch == '\r' && !quoted)
            {
                if (reader.Peek() == '\n') continue;
                ch = '\n';
            }
            if (ch == '\n') line++;
            if (quoted)
            {
                if (ch != '"') field.Append(ch);
                else if (reader.Peek() == '"') { field.Append('"'); reader.Read(); }
                else quoted = false;
            }
            else if (ch == '"' && field.Length == 0) { quoted = any = true; }
            else if (ch == ',') { fields.Add(field.ToString()); field.Clear(); any = true; }
            else if (ch == '\n')
            {
                if (any || field.Length > 0) { fields.Add(field.ToString()); yield return (start, [.. fields]); }
                fields.Clear(); field.Clear(); any = false; start = line; length = 0;
            }
            else field.Append(ch);
        }
        if (quoted) throw new InvalidDataException($"{source}:{start}: a quoted field is never closed");
        if (any || field.Length > 0) { fields.Add(field.ToString()); yield return (start, [.. fields]); }
    }

    private static InvalidDataException TooLong(string row, bool quoted, int fields) => new(
        $"{row}: a row of more than "
        + $"{(fields < MaxFields ? $"{Human.Count(MaxRow)} characters" : $"{Human.Count(MaxFields)} fields")}"
        + (quoted ? " in a quote that is still open; close it" : "; end each row with a line break") + ", or name another file");
}
