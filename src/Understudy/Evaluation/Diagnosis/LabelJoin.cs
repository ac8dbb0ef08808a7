namespace Understudy.Evaluation.Diagnosis;

/// <summary>
/// Do predictions carry the labels that the test set gives the same images? Joined by id, whatever the order of rows.
/// </summary>
public static class LabelJoin
{
    public const string Detector = "label-join";

    /// <param name="labels">The class name of every image of the test set, by id.</param>
    public static Finding Check(Predictions predictions, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(labels);
        int unknown = 0, differ = 0, first = -1;
        for (int i = 0; i < predictions.Count; i++)
        {
            if (!labels.TryGetValue(predictions.Ids[i], out var truth)) unknown++;
            else if (truth != predictions.Classes[predictions.Labels[i]])
            {
                differ++;
                if (first < 0) first = i;
            }
        }
        var missing = labels.Count - (predictions.Count - unknown);
        Evidence[] evidence = [new("images", predictions.Count), new("labels-that-differ", differ), new("ids-unknown", unknown),
            new("images-not-predicted", missing)];
        if (differ > 0)
        {
            var id = predictions.Ids[first];
            return new(Detector, Severity.Fault,
                $"{differ} of {predictions.Count} predictions carry another label than the test set, first '{id}': "
                + $"'{predictions.Classes[predictions.Labels[first]]}' instead of '{labels[id]}'.",
                evidence, "Labels and images were paired by position: predict again with labels joined by id.");
        }
        return unknown + missing > 0
            ? new(Detector, Severity.Warning,
                $"{unknown} predicted images are not in the test set, and {missing} of the test set are not predicted.", evidence,
                "Predict the whole test set, and nothing else, before numbers are compared.")
            : new(Detector, Severity.Fine, $"All {predictions.Count} predictions carry the test set's labels.", evidence, "");
    }
}
