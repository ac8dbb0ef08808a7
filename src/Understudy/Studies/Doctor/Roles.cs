using Understudy.Common;
using Understudy.Data;

namespace Understudy.Studies.Doctor;

/// <summary>
/// What images are for: by the first split among the artefacts that names them all, else by the parts they came in, halves of a
/// test being test.
/// </summary>
internal sealed class Roles(IReadOnlyList<Artefact> artefacts)
{
    private readonly Dictionary<ImageSet, string[]> _known = [];

    /// <summary>One word per image, in the set's order; empty where neither a split nor a part says.</summary>
    public string[] Of(ImageSet set)
    {
        if (_known.TryGetValue(set, out var known)) return known;
        var split = artefacts.Select(a => a.Split).FirstOrDefault(s => s is not null && set.Ids.All(s.Contains));
        return _known[set] = split is not null ? [.. set.Ids.Select(id => split[id].Word())]
            : [.. (set.Parts ?? Enumerable.Repeat("", set.Count)).Select(p => Parts.IsTest(p) ? Role.Test.Word() : p)];
    }
}
