using Understudy.Common;

namespace Understudy.Data;

/// <summary>What has to stay on one side of a split, as one name per image; an empty name is a group of its own.</summary>
public static class SplitGroups
{
    /// <summary>What a table may call the column that names the images.</summary>
    private static readonly string[] KeyColumns = ["id", "file", "filename", "path", "image"];

    /// <summary>A column of a CSV (a person, a session), joined by its column <c>id</c> or <c>file</c>: an id as it stands, or a
    /// file's name with or without ending and folders.</summary>
    /// <param name="progress">Is told of rows that belong to no image.</param>
    /// <exception cref="InvalidDataException">A missing column, an image named twice, or images without a row.</exception>
    public static string[] FromCsv(string path, string column, ImageSet set, ProgressSink? progress = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        using var reader = File.OpenText(path);
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        (int Key, int Group)? at = null;
        foreach (var (line, fields) in Csv.Read(reader, path))
        {
            if (at is null)
            {
                fields[0] = fields[0].TrimStart('\uFEFF');
                at = (KeyColumns.Select(k => Array.IndexOf(fields, k)).FirstOrDefault(k => k >= 0, -1),
                    Array.IndexOf(fields, column));
                if (at is { Key: < 0 } or { Group: < 0 })
                    throw new InvalidDataException($"{path}:{line}: the columns are [{Human.Short(string.Join(", ", fields))}]; "
                        + $"id (or file) and {column} are needed (name the second with --group-column)");
                continue;
            }
            if (fields.Length <= Math.Max(at.Value.Key, at.Value.Group)
                || !groups.TryAdd(fields[at.Value.Key], fields[at.Value.Group]))
            {
                throw new InvalidDataException($"{path}:{line}: '{Human.Short(string.Join(',', fields))}' lacks a field, or its "
                    + "image stands twice");
            }
        }
        if (at is null)
            throw new InvalidDataException($"{path}: is empty; the first line must name the columns id (or file) and {column}");
        string[] keys = [.. groups.Keys];
        var join = new FileNameJoin(set.Ids, keys);
        if (join.Unmatched.Count > 0)
            throw new InvalidDataException($"{path}: {join.Remainder}; every image needs one row (its group may be empty), and a "
                + "name that stands in several folders needs the folder");
        if (join.Unused.Count > 0) progress?.Say($"{path}: {join.Remainder}");
        return [.. join.Rows.Select(row => groups[keys[row]])];
    }

    /// <summary>Images stay together when any of the groupings, or a chain of them, holds them together.</summary>
    public static string[] Join(ImageSet set, params IReadOnlyList<string>[] groupings)
    {
        ArgumentNullException.ThrowIfNull(set);
        int[] parent = [.. Enumerable.Range(0, set.Count)];
        foreach (var grouping in groupings)
        {
            var first = new Dictionary<string, int>(StringComparer.Ordinal);
            for (int i = 0; i < set.Count; i++)
            {
                if (grouping[i].Length > 0 && !first.TryAdd(grouping[i], i)) Union(first[grouping[i]], i);
            }
        }
        int[] roots = [.. Enumerable.Range(0, set.Count).Select(Root)];
        var sizes = roots.CountBy(r => r).ToDictionary();
        return [.. roots.Select(r => sizes[r] > 1 ? set.Ids[r] : "")];

        int Root(int i)
        {
            while (parent[i] != i) i = parent[i] = parent[parent[i]];
            return i;
        }

        void Union(int a, int b)
        {
            (a, b) = (Root(a), Root(b));
            parent[Math.Max(a, b)] = Math.Min(a, b);
        }
    }
}
