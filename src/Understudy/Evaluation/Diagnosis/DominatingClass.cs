using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Evaluation.Diagnosis;

/// <summary>
/// Does one class get most predictions, far beyond its share of the labels? Then the classifier collapsed onto it.
/// </summary>
public static class DominatingClass
{
    public const string Detector = "dominating-class";

    /// <summary>A warning when a class gets this part of what is not its own.</summary>
    public const double Excess = 0.5;

    /// <summary>A fault when it gets nearly everything.</summary>
    public const double NearlyAll = 0.98;

    public static Finding Check(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (predictions.Count == 0) return new(Detector, Severity.Inconclusive, "No image was tested.", [], "");
        var confusion = ConfusionMatrix.From(predictions);
        var most = Enumerable.Range(0, confusion.Classes).MaxBy(confusion.Predicted);
        double share = (double)confusion.Predicted(most) / confusion.Total,
            own = (double)confusion.Support(most) / confusion.Total;
        var interval = Proportions.ClopperPearson(confusion.Predicted(most), confusion.Total);
        Evidence[] evidence = [new("class", most), new("share-predicted", share), new("share-predicted-low", interval.Low),
            new("share-labelled", own),
            new("classes-never-predicted",
                Enumerable.Range(0, confusion.Classes).Count(k => confusion.Predicted(k) == 0 && confusion.Support(k) > 0))];
        var name = predictions.Classes[most];
        if (interval.Low <= own + Excess * (1 - own))
        {
            return new(Detector, Severity.Fine, FormattableString.Invariant(
                $"No class dominates: '{name}', predicted most, gets {share:0.000} of the predictions and has {own:0.000} of the labels."), evidence, "");
        }
        return new(Detector, share >= NearlyAll ? Severity.Fault : Severity.Warning, FormattableString.Invariant(
            $"'{name}' gets {share:0.000} of the predictions and has {own:0.000} of the labels: the classifier collapsed onto it."), evidence,
            "Look at the training loss and at the class balance of what it was trained on; a smaller learning rate, or a set "
            + "whose classes differ, is the usual cure.");
    }
}
