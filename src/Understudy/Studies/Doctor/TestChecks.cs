using Understudy.Evaluation;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Studies.Doctor;

/// <summary>One predictions.csv: by itself, against the labels of its images, and against what its classifier has seen.</summary>
internal static class TestChecks
{
    public static IEnumerable<Complaint> Of(Artefact test, IReadOnlyList<Artefact> artefacts, Roles roles)
    {
        // A study says which classifier a test is of; files that are given together are taken to belong together.
        var related = artefacts.Where(a => a.Run == test.Run).ToList();
        var tested = test.Predictions!.Ids.ToHashSet(StringComparer.Ordinal);
        var predictions = Read(test, out var refusal);
        IEnumerable<Finding> numbers = predictions is null ? [refusal!]
            : related.Any(a => a.Shuffled)
            ? [ProbabilityHealth.Check(predictions.Probabilities), ShuffledControl.Check(predictions)]
            : PredictionChecks.All(predictions);
        var labels = predictions is null ? [] : Labels(test.Name, predictions, tested, artefacts, roles);
        return numbers.Concat(labels).Concat(SeenChecks.Of(test.Name, tested, related)).Select(f => new Complaint(test.Name, f));
    }

    /// <summary>Null for a table that no number can be computed from; then the reason is the finding.</summary>
    private static Predictions? Read(Artefact test, out Finding? refusal)
    {
        refusal = null;
        try { return test.Predictions!.ToPredictions(test.Name); }
        catch (InvalidDataException e)
        {
            var health = ProbabilityHealth.Check(test.Predictions!.Probabilities);
            refusal = health.IsAlarm ? health
                : new("predictions", Severity.Fault, $"{e.Message}.", [],
                    "Write one row per image, and one column of probabilities per class.");
            return null;
        }
    }

    /// <summary>Against every source of labels that knows some of its images.</summary>
    private static List<Finding> Labels(string name, Predictions predictions, HashSet<string> tested,
        IReadOnlyList<Artefact> artefacts, Roles roles)
    {
        var sources = artefacts.Where(a => a.Labels is not null || a.Images is not null).ToList();
        var found = new List<Finding>();
        foreach (var source in sources)
        {
            var truth = source.Labels ?? TruthOf(source, tested, roles);
            // Classes by other names are the class maps' finding: here every label would differ.
            if (truth.Keys.Any(tested.Contains)
                && truth.Values.Distinct(StringComparer.Ordinal).All(c => predictions.Classes.Contains(c)))
            {
                found.Add(LabelJoin.Check(predictions, truth));
            }
        }
        if (found.Count == 0 && sources.Count > 0)
        {
            found.Add(new(LabelJoin.Detector, Severity.Inconclusive,
                $"{name} cannot be joined with the labels of {string.Join(", ", sources.Select(s => s.Name))}: no id, or not "
                + "every class, is common to both.", [], ""));
        }
        return found;
    }

    /// <summary>The images of the role that most tested images have; where no role is known, the tested ones.</summary>
    private static Dictionary<string, string> TruthOf(Artefact source, HashSet<string> tested, Roles roles)
    {
        var set = source.Images!;
        var role = roles.Of(set);
        var known = Enumerable.Range(0, set.Count).Where(i => tested.Contains(set.Ids[i])).ToList();
        if (known.Count == 0) return [];
        var most = known.CountBy(i => role[i]).MaxBy(c => c.Value).Key;
        return (most.Length == 0 ? known : Enumerable.Range(0, set.Count).Where(i => role[i] == most))
            .ToDictionary(i => set.Ids[i], i => set.Classes[set.Labels[i]], StringComparer.Ordinal);
    }
}
