namespace Understudy.Common;

/// <summary>A CSV with a column <c>id</c> and others, of which one is wanted: copies.csv, clusters.csv, labels.csv.</summary>
internal static class IdTable
{
    /// <param name="otherwise">What every id gets where the column is not there; null: it must be.</param>
    /// <returns>Id → the field of <paramref name="column"/>.</returns>
    /// <exception cref="InvalidDataException">A missing column or field, or an id given twice; the line is named.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path, string column, string? otherwise = null)
    {
        using var reader = File.OpenText(path);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        (int Id, int Wanted)? at = null;
        foreach (var (line, f) in Csv.Read(reader, path))
        {
            if (at is not { } columns)
            {
                at = (Array.IndexOf(f, "id"), Array.IndexOf(f, column));
                if (at.Value.Id < 0 || (at.Value.Wanted < 0 && otherwise is null))
                {
                    throw new InvalidDataException(
                        $"{path}:{line}: the columns are [{Human.Short(string.Join(", ", f))}]; needed: "
                        + $"id{(otherwise is null ? $" and {column}" : "")}");
                }
                continue;
            }
            if (f.Length <= Math.Max(columns.Id, columns.Wanted)
                || !found.TryAdd(f[columns.Id], columns.Wanted < 0 ? otherwise! : f[columns.Wanted]))
            {
                throw new InvalidDataException($"{path}:{line}: '{Human.Short(string.Join(',', f))}' lacks a field, or its image "
                    + "stands twice");
            }
        }
        return at is null ? throw new InvalidDataException(
            $"{path}: is empty; the first line must name the columns, id among them") : found;
    }
}
