namespace Understudy.Data;

/// <summary>
/// Joins a table's rows to images by name: a table may say <c>a.jpg</c>, <c>test/sad/a.jpg</c> or <c>C:\faces\sad\a</c> where the
/// set has the id <c>a</c> or <c>sad/a</c>. Tried in this order: the name as it stands; without an image's ending; the last
/// folder and the name; the name alone. The last three join only where one image and one row are called so, so that no row is
/// ever given to the wrong image.
/// </summary>
internal sealed class FileNameJoin
{
    private static readonly Func<string, string>[] Forms =
        [key => key, WithoutEnding, key => Tail(WithoutEnding(key), 2), key => Tail(WithoutEnding(key), 1)];

    private readonly IReadOnlyList<string> _ids, _keys;

    /// <param name="ids">Ids of images, unique.</param>
    /// <param name="keys">What the table calls its rows, unique.</param>
    public FileNameJoin(IReadOnlyList<string> ids, IReadOnlyList<string> keys)
    {
        (_ids, _keys) = (ids, keys);
        Rows = new int[ids.Count];
        Array.Fill(Rows, -1);
        var used = new bool[keys.Count];
        foreach (var form in Forms)
        {
            var rows = Unique(keys, form);
            foreach (var (name, image) in Unique(ids, form))
            {
                if (image < 0 || Rows[image] >= 0 || !rows.TryGetValue(name, out var row) || row < 0 || used[row]) continue;
                Rows[image] = row;
                used[row] = true;
            }
        }
        Unmatched = [.. Enumerable.Range(0, ids.Count).Where(i => Rows[i] < 0)];
        Unused = [.. Enumerable.Range(0, keys.Count).Where(k => !used[k])];
    }

    /// <summary>For each image the index of its row, or −1.</summary>
    public int[] Rows { get; }

    /// <summary>Images without a row.</summary>
    public IReadOnlyList<int> Unmatched { get; }

    /// <summary>Rows that belong to no image.</summary>
    public IReadOnlyList<int> Unused { get; }

    /// <summary>
    /// "27 of 100 images have no row, the first 'a'; 3 of 76 rows belong to no image, the first 'b.jpg'", or nothing where all is
    /// joined.
    /// </summary>
    public string Remainder
    {
        get
        {
            var images = Unmatched.Count == 0 ? ""
                : $"{Unmatched.Count} of {_ids.Count} images {(Unmatched.Count == 1 ? "has" : "have")} no row, the first "
                    + $"'{_ids[Unmatched[0]]}'";
            var rows = Unused.Count == 0 ? ""
                : $"{Unused.Count} of {_keys.Count} rows {(Unused.Count == 1 ? "belongs" : "belong")} to no image, the first "
                    + $"'{_keys[Unused[0]]}'";
            return images + (images.Length > 0 && rows.Length > 0 ? "; " : "") + rows;
        }
    }

    /// <summary>Which of the names has a form; −1 where more than one has.</summary>
    private static Dictionary<string, int> Unique(IReadOnlyList<string> names, Func<string, string> form)
    {
        var found = new Dictionary<string, int>(names.Count, StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            var name = form(names[i]);
            if (!found.TryAdd(name, i)) found[name] = -1;
        }
        return found;
    }

    /// <summary>Only an image's ending is one: "a.v2" is a name.</summary>
    private static string WithoutEnding(string key)
    {
        var path = key.Replace('\\', '/');
        var dot = path.LastIndexOf('.');
        return dot > 0 && ImageCodec.Extensions.Contains(path[dot..].ToLowerInvariant()) ? path[..dot] : path;
    }

    private static string Tail(string path, int parts)
    {
        var at = path.Length;
        for (; parts > 0 && at > 0; parts--) at = path.LastIndexOf('/', at - 1);
        return at < 0 ? path : path[(at + 1)..];
    }
}
