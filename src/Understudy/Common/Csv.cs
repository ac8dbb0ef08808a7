using System.Text;

namespace Understudy.Common;

/// <summary>RFC 4180 rows, for the small tables between stages: split.csv, selection.csv, labels.csv.</summary>
internal static class Csv
{
    public static string Escape(string field) =>
        field.AsSpan().IndexOfAny(",\"\n\r") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Row(params IEnumerable<string> fields) => string.Join(',', fields.Select(Escape)) + "\n";

    /// <summary>Rows with the line each one starts on; blank lines are passed over.</summary>
    /// <exception cref="InvalidDataException">A quote that is never closed.</exception>
    public static IEnumerable<(int Line, string[] Fields)> Read(TextReader reader, string source)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        int line = 1, start = 1;
        bool quoted = false, any = false;
        for (int c; (c = reader.Read()) >= 0;)
        {
            var ch = (char)c;
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
                fields.Clear(); field.Clear(); any = false; start = line;
            }
            else if (ch != '\r') field.Append(ch);
        }
        if (quoted) throw new InvalidDataException($"{source}:{start}: a quoted field is never closed");
        if (any || field.Length > 0) { fields.Add(field.ToString()); yield return (start, [.. fields]); }
    }
}
