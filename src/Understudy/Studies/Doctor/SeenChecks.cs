using Understudy.Data;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Studies.Doctor;

/// <summary>Did training or the choice of the best epoch see the images of a test?</summary>
internal static class SeenChecks
{
    /// <param name="test">Name of the test, for messages.</param>
    /// <param name="tested">Ids of its images.</param>
    /// <param name="related">What belongs to the classifier that was tested.</param>
    public static IEnumerable<Finding> Of(string test, IReadOnlyCollection<string> tested, IReadOnlyList<Artefact> related)
    {
        var trained = related.Where(a => a.Trained is not null).ToList();
        foreach (var a in trained) yield return SeenTestImages.InTraining(a.Name, a.Trained!, test, tested);
        foreach (var a in related.Where(a => a.Kind == ArtefactKind.Classifier))
        {
            if (a.Chose is null)
            {
                yield return new(SeenTestImages.Choice, Severity.Inconclusive,
                    $"{a.Name} does not say which images it was trained and chosen on; images.csv in the folder of its run does.", [], "");
                continue;
            }
            yield return SeenTestImages.InChoice(a.Name, a.Chose, test, tested);
            foreach (var t in trained) yield return SeenTestImages.ChosenInTraining(a.Name, a.Chose, t.Trained!);
        }
    }

    /// <summary>Classifiers of which no test is among the artefacts, against the images that their split keeps for it.</summary>
    public static IEnumerable<Complaint> Untested(IReadOnlyList<Artefact> artefacts)
    {
        var runs = artefacts.Where(a => a.Predictions is not null).Select(a => a.Run).ToHashSet();
        return from run in artefacts.Where(a =>
            a.Kind is ArtefactKind.Classifier or ArtefactKind.Selection && !runs.Contains(a.Run)).GroupBy(a => a.Run)
               let split = artefacts.FirstOrDefault(a =>
                   a.Split is not null && run.All(r => r.SplitHash is null || r.SplitHash == a.SplitHash))
               where split is not null
               let test = split.Split!.Ids(Role.Test).ToHashSet(StringComparer.Ordinal)
               where test.Count > 0
               from finding in Of($"the role test in {split.Name}", test, [.. run])
               select new Complaint(string.Join(", ", run.Select(a => a.Name)), finding);
    }
}
