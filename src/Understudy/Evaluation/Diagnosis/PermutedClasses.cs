using Understudy.Common;
using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Evaluation.Diagnosis;

/// <summary>
/// Would the predictions be right if the classes were numbered in another order? Then training and test read the numbers
/// differently. The best order always gains a little by chance, and much with few images per class; so the gain is held against
/// what it is when the same mistakes fall at random.
/// </summary>
public static class PermutedClasses
{
    public const string Detector = "permuted-classes";

    /// <summary>A gain in accuracy below this is not worth an alarm.</summary>
    public const double LeastGain = 0.03;

    /// <summary>
    /// A gain this far beyond chance is an alarm also where no class has enough images to be sure of by itself.
    /// </summary>
    public const double ClearGain = 0.2;

    private const int Shuffles = 199;
    private const double Level = 0.01;

    /// <param name="seed">Of the shuffles: the same seed gives the same finding.</param>
    public static Finding Check(Predictions predictions, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (predictions.Count == 0) return new(Detector, Severity.Inconclusive, "No image was tested.", [], "");
        var confusion = ConfusionMatrix.From(predictions);
        var best = BestPermutation.Of(confusion);
        int[] moved = [.. Enumerable.Range(0, confusion.Classes).Where(p => best.Mapping[p] != p && confusion.Predicted(p) > 0)];
        long asNamed = moved.Sum(p => confusion[p, p]), asMapped = moved.Sum(p => confusion[best.Mapping[p], p]);
        var sure = moved.Count(p => BinomialTail(confusion[best.Mapping[p], p], confusion[p, p]) < Level);
        var byChance = best.Gain >= LeastGain ? GainByChance(predictions, confusion, best.Gain, seed) : 0;
        Evidence[] evidence = [new("accuracy", (double)confusion.Correct / confusion.Total),
            new("accuracy-best-order", best.Accuracy), new("gain", best.Gain),
            new("gain-by-chance", byChance), new("classes-moved", moved.Length), new("classes-surely-moved", sure)];
        // Two classes that surely sit in each other's place, or a gain far beyond chance where each class has few images.
        var permuted = best.Gain >= LeastGain && best.Gain > byChance && asMapped >= 2 * asNamed
            && (sure >= 2 || best.Gain >= byChance + ClearGain);
        if (!permuted)
        {
            return new(Detector, Severity.Fine, FormattableString.Invariant(
                $"No other order of the classes explains the predictions better (gain {best.Gain:0.000}, by chance up to {byChance:0.000})."), evidence, "");
        }
        var names = predictions.Classes;
        var shown = string.Join(", ", moved.Take(8).Select(p => $"'{names[p]}' means '{names[best.Mapping[p]]}'"))
            + (moved.Length > 8 ? $" and {moved.Length - 8} more" : "");
        return new(Detector, Severity.Fault, FormattableString.Invariant(
            $"The classes of these predictions are in another order than those of the labels: {shown}. In the right order accuracy is {best.Accuracy:0.000} instead of {(double)confusion.Correct / confusion.Total:0.000}")
            + Known(names, best.Mapping) + ".",
            evidence, "Make the class order of the training set and of the test set the same (join by class name), and predict "
                + "again; training itself may be sound.");
    }

    /// <summary>
    /// The largest gain when every wrong prediction is dealt to another wrongly predicted image, and right ones stay; no longer
    /// sought once chance alone has gained <paramref name="enough"/>.
    /// </summary>
    private static double GainByChance(Predictions predictions, ConfusionMatrix confusion, double enough, ulong seed)
    {
        var predicted = predictions.Predicted();
        int[] wrong = [.. Enumerable.Range(0, predicted.Length).Where(i => predicted[i] != predictions.Labels[i])];
        var dealt = wrong.Select(i => predicted[i]).ToArray();
        var random = new KeyedRandom(seed, "diagnosis/permuted");
        double largest = 0;
        for (int s = 0; s < Shuffles && largest < enough; s++)
        {
            random.Shuffle<int>(dealt);
            var counts = new long[confusion.Classes, confusion.Classes];
            for (int k = 0; k < confusion.Classes; k++) counts[k, k] = confusion[k, k];
            for (int w = 0; w < wrong.Length; w++) counts[predictions.Labels[wrong[w]], dealt[w]]++;
            largest = Math.Max(largest, BestPermutation.Of(new(counts)).Gain);
        }
        return largest;
    }

    /// <summary>P[Bin(a + b, ½) ≥ a]: how surprising a is beside b if neither were likelier.</summary>
    private static double BinomialTail(long a, long b) => a <= b ? 1 : McNemar.Exact(a, b).PValue / 2;

    private static string Known(IReadOnlyList<string> names, IReadOnlyList<int> mapping)
    {
        var trained = KnownOrders.NameOf(mapping.Select(k => names[k]));
        return trained is null ? ""
            : $"; trained in {trained}" + (KnownOrders.NameOf(names) is { } tested ? $", tested in {tested}" : "");
    }
}
