using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Studies.Doctor;

/// <summary>Do artefacts fit together: one order of classes, one split, generators that saw only what they may?</summary>
internal static class OriginChecks
{
    public static IEnumerable<Complaint> Of(IReadOnlyList<Artefact> artefacts, Roles roles) =>
        [.. Classes(artefacts), .. Splits(artefacts), .. Coverage(artefacts),
            .. artefacts.Where(a => a.Kind == ArtefactKind.Generator).SelectMany(g => Generator(g, artefacts, roles))];

    /// <summary>
    /// Every order of classes that occurs against that of the images, or of the first artefact; those that share one are told
    /// together.
    /// </summary>
    private static IEnumerable<Complaint> Classes(IReadOnlyList<Artefact> artefacts)
    {
        var orders = artefacts.Where(a => a.Classes is not null).OrderBy(a => a.Images is null)
            .GroupBy(a => string.Join('\n', a.Classes!), StringComparer.Ordinal).Select(g => g.ToList()).ToList();
        if (orders is [{ Count: > 1 } same])
            return [new(About(same),
                new(ClassMaps.Detector, Severity.Fine,
                    $"{same.Count} artefacts number the same {same[0].Classes!.Count} classes alike.",
                        [new("artefacts", same.Count)], ""))];
        return orders.Skip(1).Select(other => new Complaint(About([orders[0][0], .. other]),
            ClassMaps.Check(orders[0][0].Name, orders[0][0].Classes!, About(other), other[0].Classes!)));
    }

    /// <summary>Splits of images that have nothing in common, such as real and synthetic ones, may differ.</summary>
    private static IEnumerable<Complaint> Splits(IReadOnlyList<Artefact> artefacts)
    {
        var families = new List<List<Split>>();
        foreach (var split in artefacts.Select(a => a.Split).OfType<Split>().DistinctBy(s => s.Hash))
        {
            if (families.Find(f => f.Exists(other => split.Overlaps(other))) is { } family) family.Add(split);
            else families.Add([split]);
        }
        return artefacts.Where(a => a.SplitHash is not null)
            .GroupBy(a => Math.Max(0, families.FindIndex(f => f.Exists(s => s.Hash == a.SplitHash))))
            .Select(g => new Complaint(About([.. g]), SplitHashes.Check([.. g.Select(a => (a.Name, a.SplitHash!))])));
    }

    /// <summary>A split that names some images of a set was made for another version of it.</summary>
    private static IEnumerable<Complaint> Coverage(IReadOnlyList<Artefact> artefacts) =>
        from images in artefacts
        let set = images.Images
        where set is not null
        from split in artefacts
        where split.Split is not null
        let named = set.Ids.Count(split.Split!.Contains)
        where named > 0 && named < set.Count
        select new Complaint(split.Name,
            new(SplitHashes.Detector, Severity.Warning,
                $"{split.Name} gives a role to {named} of the {set.Count} images of {images.Name}: it was made for another set.",
            [new("images", set.Count), new("named", named)],
                "Make the split anew for this set, and what was made under the old one too."));

    private static IEnumerable<Complaint> Generator(Artefact generator, IReadOnlyList<Artefact> artefacts, Roles roles)
    {
        if (generator.Roles is { } recorded)
            return [new(generator.Name, RolesSeen.Check(generator.Name, [.. recorded.Select(r => r.Word())]))];
        // Where no role is recorded: what learned from a whole set has seen that set's test images.
        var whole = artefacts.FirstOrDefault(a => a.Images is not null && a.Images.Fingerprint == generator.Data);
        string[] seen = whole is null
            ? [] : [.. roles.Of(whole.Images!).Where(r => r.Length > 0).Distinct(StringComparer.Ordinal)];
        return seen.Length == 0 ? [] : [new(generator.Name, RolesSeen.Check(generator.Name, seen))];
    }

    private static string About(List<Artefact> artefacts) =>
        string.Join(", ", artefacts.Take(2).Select(a => a.Name))
            + (artefacts.Count > 2 ? $" and {artefacts.Count - 2} more" : "");
}
