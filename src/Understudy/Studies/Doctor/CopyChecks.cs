using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Studies.Doctor;

/// <summary>Are pictures that are measured or chosen on among those of another role? Copies within a role are no fault.</summary>
internal static class CopyChecks
{
    /// <summary>Roles whose images something is measured or chosen on, and the parts that published sets have for them.</summary>
    private static readonly string[] Examined = [Role.Test.Word(), Role.Holdout.Word(), Role.Validation.Word(), Parts.Validation];

    public static IEnumerable<Complaint> Of(IReadOnlyList<Artefact> artefacts, Roles roles, ProgressSink progress) =>
        artefacts.Where(a => a.Images is not null).DistinctBy(a => a.Images!.Fingerprint)
            .SelectMany(a => Of(a, roles.Of(a.Images!), progress));

    private static IEnumerable<Complaint> Of(Artefact artefact, string[] roles, ProgressSink progress)
    {
        var set = artefact.Images!.WithParts(roles);
        string[] present = [.. roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            examined = [.. Examined.Where(j => present.Contains(j))];
        if (examined.Length == 0 || present.Length < 2)
        {
            return [new(artefact.Name, new(CopiesAcrossRoles.Detector, Severity.Inconclusive,
                $"{artefact.Name} has no test part, and no split was given that names its images: whether training and test "
                + "share pictures cannot be seen.", [], ""))];
        }
        var report = Duplicates.Find(set, progress: progress);
        var likeness = LikenessOf(set, report);
        return [.. from role in examined
                   // Two examined roles are held against each other once, from the side that matters more.
                   from other in present.Where(o =>
                       o != role && !(Array.IndexOf(examined, o) is >= 0 and var at && at < Array.IndexOf(examined, role)))
                   select new Complaint(artefact.Name, CopiesAcrossRoles.Check(role, other, roles.Count(r => r == role),
                       report.CountAcross(set, role, other, exact: true), report.CountAcross(set, role, other, exact: false),
                           likeness))];
    }

    private static Likeness LikenessOf(ImageSet set, DuplicateReport report)
    {
        var near = report.Pairs.Where(p => !p.Exact).ToList();
        return new(near.Count, near.Count(p => set.Labels[p.A] != set.Labels[p.B]),
            1 - set.CountsPerClass().Sum(n => Math.Pow((double)n / set.Count, 2)));
    }
}
