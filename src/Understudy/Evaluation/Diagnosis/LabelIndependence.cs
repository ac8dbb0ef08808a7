using Understudy.Common;
using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Evaluation.Diagnosis;

/// <summary>
/// Do the predictions know anything of the labels? Predictions that were shuffled against the labels, or a classifier trained on
/// scrambled labels, do not. A weak classifier on few images cannot be told from that, and then the finding says so.
/// </summary>
public static class LabelIndependence
{
    public const string Detector = "label-independence";

    /// <summary>Below this p the predictions know something.</summary>
    public const double Level = 0.01;

    /// <summary>Skill (accuracy over chance, from 0 to 1) that a classifier worth the name exceeds.</summary>
    public const double LeastSkill = 0.05;

    private const int Shuffles = 999;

    /// <param name="seed">Of the shuffles behind the p-value: the same seed gives the same finding.</param>
    public static Finding Check(Predictions predictions, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (predictions.Count == 0) return new(Detector, Severity.Inconclusive, "No image was tested.", [], "");
        var confusion = ConfusionMatrix.From(predictions);
        double n = confusion.Total, accuracy = confusion.Correct / n;
        var chance = Enumerable.Range(0, confusion.Classes).Sum(k => confusion.Support(k) / n * (confusion.Predicted(k) / n));
        var chi = ChiSquared.Independence(confusion);
        var (pTable, pHits) = Shuffled(predictions, confusion, seed);
        // With cells that expect few images the χ² distribution is only a rough guide: the shuffles are exact.
        var p = chi.SmallestExpected >= 5 ? chi.PValue : pTable;
        double skill = chance < 1 ? (accuracy - chance) / (1 - chance) : 0;
        double upper = skill
            + 2.326 * Math.Sqrt(Math.Max(accuracy * (1 - accuracy), chance * (1 - chance)) / n) / Math.Max(1 - chance, 1e-9);
        Evidence[] evidence = [new("images", n), new("accuracy", accuracy), new("chance", chance), new("skill", skill),
            new("skill-upper-99", upper),
            new("chi-squared", chi.Statistic), new("degrees-of-freedom", chi.DegreesOfFreedom), new("p", p),
                new("p-hits", pHits)];
        if (Math.Min(p, pHits) <= Level)
        {
            return new(Detector, Severity.Fine, FormattableString.Invariant(
                $"Predictions depend on the labels (accuracy {accuracy:0.000} where chance gives {chance:0.000}; p = {Math.Min(p, pHits):0.####})."), evidence, "");
        }
        if (upper >= LeastSkill)
        {
            var enough = (int)Math.Ceiling(chance * (1 - chance)
                * Math.Pow(2 * 2.326 / (LeastSkill * Math.Max(1 - chance, 1e-9)), 2));
            return new(Detector, Severity.Inconclusive, FormattableString.Invariant(
                $"{n} images are too few to tell these predictions from guesses (accuracy {accuracy:0.000}, chance {chance:0.000}); about {enough} would do."), evidence, "");
        }
        return new(Detector, Severity.Fault, FormattableString.Invariant(
            $"The predictions are independent of the labels: accuracy {accuracy:0.000} is what guessing gives ({chance:0.000}; χ² = {chi.Statistic:0.0} with {chi.DegreesOfFreedom} degrees of freedom, p = {p:0.00})."),
            evidence, "Join predictions and labels by image id instead of by position, do not shuffle the test set, and check "
                + "that training images still had their own labels.");
    }

    /// <summary>
    /// The share of shuffles of the labels, the truth counted among them, with at least this statistic and with at least these
    /// hits.
    /// </summary>
    private static (double Table, double Hits) Shuffled(Predictions predictions, ConfusionMatrix confusion, ulong seed)
    {
        var predicted = predictions.Predicted();
        int[] labels = [.. predictions.Labels];
        var k = confusion.Classes;
        // A shuffle keeps both margins: weighed by 1 / (support · predicted), the squared counts order tables as χ² does.
        long[] support = [.. Enumerable.Range(0, k).Select(confusion.Support)],
            taken = [.. Enumerable.Range(0, k).Select(confusion.Predicted)];
        var weight = new double[k * k];
        for (int cell = 0; cell < weight.Length; cell++)
        {
            var product = (double)support[cell / k] * taken[cell % k];
            weight[cell] = product > 0 ? 1 / product : 0;
        }
        var counts = new int[k * k];
        var (statistic, correct) = Count();
        int table = 1, hits = 1;
        var random = new KeyedRandom(seed, "diagnosis/independence");
        for (int s = 0; s < Shuffles; s++)
        {
            random.Shuffle<int>(labels);
            var (t, h) = Count();
            if (t >= statistic) table++;
            if (h >= correct) hits++;
        }
        return (table / (Shuffles + 1.0), hits / (Shuffles + 1.0));

        (double Statistic, int Hits) Count()
        {
            Array.Clear(counts);
            for (int i = 0; i < labels.Length; i++) counts[labels[i] * k + predicted[i]]++;
            double sum = 0;
            int right = 0;
            for (int cell = 0; cell < counts.Length; cell++) sum += weight[cell] * counts[cell] * counts[cell];
            for (int c = 0; c < k; c++) right += counts[c * k + c];
            return (sum, right);
        }
    }
}
