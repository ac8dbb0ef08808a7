using Understudy.Common;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Studies.Doctor;

/// <summary>What can be seen in artefacts without training anything: each by itself, and all held against each other.</summary>
internal static class Examination
{
    /// <param name="copies">Whether to look for copies among images, which takes seconds per ten thousand.</param>
    /// <returns>The worst first; of equals in the order of the checks.</returns>
    public static IReadOnlyList<Complaint> Of(IReadOnlyList<Artefact> artefacts, bool copies, ProgressSink progress,
        CancellationToken cancel)
    {
        var roles = new Roles(artefacts);
        List<Complaint> all =
        [
            .. artefacts.Where(a => a.Trouble is not null)
            .Select(a =>
                new Complaint(a.Name,
                    new("unreadable", Severity.Warning, $"It cannot be read: {a.Trouble}.", [], "Make it again."))),
            .. OriginChecks.Of(artefacts, roles),
            .. SeenChecks.Untested(artefacts),
        ];
        var tests = artefacts.Where(a => a.Predictions is not null).ToList();
        for (int i = 0; i < tests.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            progress.Report("look at tests", i, tests.Count, "test");
            all.AddRange(TestChecks.Of(tests[i], artefacts, roles));
        }
        progress.Report("look at tests", tests.Count, tests.Count, "test");
        if (copies) all.AddRange(CopyChecks.Of(artefacts, roles, progress));
        return [.. all.OrderByDescending(c => c.Finding.Severity)];
    }
}
