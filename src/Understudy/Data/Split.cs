using Understudy.Common;

namespace Understudy.Data;

/// <summary>What an image may be used for. Every image has exactly one role.</summary>
public enum Role
{
    /// <summary>Trains generators, and the classifiers of the real arms.</summary>
    Generator,

    /// <summary>Trains judges and feature extractors.</summary>
    Judge,

    /// <summary>Chooses: best epoch, thresholds, calibration.</summary>
    Validation,

    /// <summary>Never seen by anything that is trained.</summary>
    Holdout,

    /// <summary>Measured on, never chosen on.</summary>
    Test,
}

/// <summary>Which role every image of a set has: the first file of every study. Its hash travels in every artefact.</summary>
public sealed class Split
{
    /// <summary>Its usual name in a folder.</summary>
    public const string FileName = "split.csv";

    /// <summary>The first line of its file.</summary>
    internal const string Header = "id,role";

    private readonly SortedDictionary<string, Role> _roles;

    public Split(IEnumerable<KeyValuePair<string, Role>> roles)
    {
        _roles = new(StringComparer.Ordinal);
        foreach (var (id, role) in roles)
        {
            if (!_roles.TryAdd(id, role)) throw new InvalidDataException($"split: image '{id}' is given two roles");
        }
        using var f = new Fingerprint();
        f.Add("split/1");
        foreach (var (id, role) in _roles) f.Add(id).Add(role.ToString());
        Hash = f.Finish();
    }

    /// <summary>SHA-256 over ids and roles, whatever their order in the file.</summary>
    public string Hash { get; }

    public int Count => _roles.Count;

    /// <exception cref="InvalidDataException">The split does not name this image.</exception>
    public Role this[string id] => _roles.TryGetValue(id, out var r) ? r
        : throw new InvalidDataException($"split: image '{id}' has no role; make the split anew for this set");

    /// <summary>Whether the split names this image.</summary>
    public bool Contains(string id) => _roles.ContainsKey(id);

    /// <summary>Whether an image has a role in both.</summary>
    internal bool Overlaps(Split other) => _roles.Keys.Any(other.Contains);

    /// <summary>The ids with one of these roles, in ordinal order.</summary>
    public IEnumerable<string> Ids(params Role[] roles) => _roles.Where(r => roles.Contains(r.Value)).Select(r => r.Key);

    /// <summary>The indices, in the set's order, of the images with one of these roles.</summary>
    public int[] Indices(ImageSet set, params Role[] roles) =>
        [.. Enumerable.Range(0, set.Count).Where(i => roles.Contains(this[set.Ids[i]]))];

    /// <summary>As <see cref="Indices"/>, for a use that needs images.</summary>
    /// <exception cref="OptionException">No image has one of the roles; the message says which there are.</exception>
    internal int[] RequiredIndices(ImageSet set, params Role[] roles)
    {
        if (Indices(set, roles) is { Length: > 0 } indices) return indices;
        var there = set.Ids.Select(id => this[id]).Distinct().Order().Select(r => r.Word());
        var wanted = string.Join(" or ", roles.Select(r => r.Word()));
        throw new OptionException($"role: the split gives none of these images the role {wanted}; "
            + $"they have {string.Join(", ", there)}: name one of these, or make another split with understudy data split");
    }

    public void Save(string path) => AtomicFile.WriteText(path,
        Header + "\n" + string.Concat(_roles.Select(r => Csv.Row(r.Key, r.Value.Word()))));

    /// <exception cref="InvalidDataException">Another header, an unknown role, an id given twice.</exception>
    public static Split Load(string path)
    {
        using var reader = File.OpenText(path);
        var rows = Csv.Read(reader, path).ToList();
        if (rows.Count == 0 || string.Join(',', rows[0].Fields) != Header)
            throw new InvalidDataException($"{path}: the first line must be '{Header}'");
        return new(rows.Skip(1).Select(row => row.Fields is [var id, var word] && EnumWords.Parse<Role>(word) is { } role
            ? KeyValuePair.Create(id, role)
            : throw new InvalidDataException($"{path}:{row.Line}: '{Human.Short(string.Join(',', row.Fields))}' is not id,role; "
                + "roles are: "
                + string.Join(", ", EnumWords.All(typeof(Role))))));
    }
}
