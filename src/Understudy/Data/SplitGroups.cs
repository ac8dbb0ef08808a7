using Understudy.Common;

namespace Understudy.Data;

/// <summary>What has to stay on one side of a split, as one name per image; an empty name is a group of its own.</summary>
public static class SplitGroups
{
    /// <summary>A column of a CSV (a person, a session), joined by its column <c>id</c>.</summary>
    /// <exception cref="InvalidDataException">A missing column, or an image without a row.</exception>
    public static string[] FromCsv(string path, string column, ImageSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        using var reader = File.OpenText(path);
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        (int Id, int Group)? at = null;
        foreach (var (line, fields) in Csv.Read(reader, path))
        {
            if (at is null)
            {
                at = (Array.IndexOf(fields, "id"), Array.IndexOf(fields, column));
                if (at is { Id: < 0 } or { Group: < 0 })
                    throw new InvalidDataException($"{path}:{line}: the columns are [{string.Join(", ", fields)}]; id and {column} are needed (name the second with --group-column)");
                continue;
            }
            if (fields.Length <= Math.Max(at.Value.Id, at.Value.Group) || !groups.TryAdd(fields[at.Value.Id], fields[at.Value.Group]))
                throw new InvalidDataException($"{path}:{line}: '{string.Join(',', fields)}' lacks a field, or its image stands twice");
        }
        return [.. set.Ids.Select(id => groups.TryGetValue(id, out var g) ? g
            : throw new InvalidDataException($"{path}: image '{id}' has no row; every image needs one (its group may be empty)"))];
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
