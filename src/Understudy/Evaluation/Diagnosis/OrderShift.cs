using Understudy.Evaluation.Statistics;

namespace Understudy.Evaluation.Diagnosis;

/// <summary>
/// Do predictions fit the labels better when moved some rows up or down, or read backwards? Then they were written in another
/// order than the labels: an iterator that had already given a batch, a dropped header, a reversed list. Rows as in the file.
/// </summary>
public static class OrderShift
{
    public const string Detector = "order-shift";

    /// <summary>A gain in accuracy below this is not worth an alarm.</summary>
    public const double LeastGain = 0.05;

    /// <summary>Rows up and down that are tried.</summary>
    public const int MaxLag = 2048;

    private const double Level = 1e-6;

    public static Finding Check(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        int n = predictions.Count, reach = Math.Min(MaxLag, (n - 1) / 2);
        if (n == 0) return new(Detector, Severity.Inconclusive, "No image was tested.", [], "");
        int[] predicted = predictions.Predicted(), labels = [.. predictions.Labels];
        int bestLag = 0, bestHits = -1, hits = Hits(predicted, labels, 0);
        var all = new int[2 * reach + 1];
        Parallel.For(0, all.Length, i => all[i] = i == reach ? -1 : Hits(predicted, labels, i - reach));
        for (int i = 0; i < all.Length; i++)
        {
            // The nearest of equals.
            var lag = i - reach;
            if (all[i] > bestHits || (all[i] == bestHits && Math.Abs(lag) < Math.Abs(bestLag)))
                (bestHits, bestLag) = (all[i], lag);
        }
        int[] backwards = [.. labels.Reverse()];
        var backwardHits = Hits(predicted, backwards, 0);
        var reversed = backwardHits > bestHits;
        bestHits = Math.Max(bestHits, backwardHits);
        double gain = (bestHits - hits) / (double)n;
        // A permuted class order makes the fit as it stands worse than chance: then any move gains, and none is the right one.
        var chance = Chance(predicted, labels, predictions.Classes.Count);
        var beyondChance = bestHits / (double)n - chance >= Math.Max(LeastGain, 5 * Math.Sqrt(chance * (1 - chance) / n));
        var p = gain < LeastGain || !beyondChance ? 1
            : Math.Min(1, PairedP(predicted, labels, reversed ? backwards : labels, reversed ? 0 : bestLag) * (all.Length + 1));
        Evidence[] evidence = [new("images", n), new("accuracy", hits / (double)n), new("accuracy-best", bestHits / (double)n),
            new("chance", chance), new("lag", reversed ? double.NaN : bestLag),
            new("lags-tried", all.Length - 1), new("p", p)];
        if (p >= Level)
        {
            return new(Detector, Severity.Fine, FormattableString.Invariant(
                $"Predictions fit the labels best as they stand (accuracy {hits / (double)n:0.000}; moved or reversed at most {bestHits / (double)n:0.000})."), evidence, "");
        }
        var how = reversed ? "read backwards"
            : $"moved {Math.Abs(bestLag)} {(Math.Abs(bestLag) == 1 ? "row" : "rows")} {(bestLag > 0 ? "down" : "up")}";
        return new(Detector, Severity.Fault, FormattableString.Invariant(
            $"The predictions are out of order: {how}, {bestHits / (double)n:0.000} of them fit the labels instead of {hits / (double)n:0.000}."), evidence,
            "Write each prediction with its image's id and join by id; do not read the test set in two passes that can differ in order.");
    }

    /// <summary>How many predictions fit the label <paramref name="lag"/> rows further down, around the end.</summary>
    private static int Hits(int[] predicted, int[] labels, int lag)
    {
        int n = predicted.Length, start = ((lag % n) + n) % n;
        return Matches(predicted.AsSpan(0, n - start), labels.AsSpan(start))
            + Matches(predicted.AsSpan(n - start), labels.AsSpan(0, start));
    }

    private static int Matches(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        int hits = 0;
        for (int i = 0; i < a.Length; i++) hits += a[i] == b[i] ? 1 : 0;
        return hits;
    }

    /// <summary>The fit to expect if predictions and labels had nothing to do with each other.</summary>
    private static double Chance(int[] predicted, int[] labels, int classes)
    {
        double n = labels.Length, sum = 0;
        for (int k = 0; k < classes; k++) sum += predicted.Count(p => p == k) / n * (labels.Count(l => l == k) / n);
        return sum;
    }

    /// <summary>
    /// McNemar's test of the fit as it stands against the fit elsewhere: in a sorted test set most rows fit both ways.
    /// </summary>
    private static double PairedP(int[] predicted, int[] labels, int[] moved, int lag)
    {
        long only = 0, onlyMoved = 0;
        int n = predicted.Length;
        for (int i = 0; i < n; i++)
        {
            bool here = predicted[i] == labels[i], there = predicted[i] == moved[(i + lag + n) % n];
            if (here && !there) only++;
            if (there && !here) onlyMoved++;
        }
        return McNemar.Exact(only, onlyMoved).PValue;
    }
}
