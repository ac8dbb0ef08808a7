namespace Understudy.Evaluation.Utility;

/// <summary>
/// How often an image of one class was taken for another: counts by true class (row) and predicted class (column).
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;

    /// <param name="counts">[K, K], true class by predicted class, none negative. Copied.</param>
    public ConfusionMatrix(long[,] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.GetLength(0) != counts.GetLength(1) || counts.Length == 0)
        {
            throw new ArgumentException(
                $"a confusion matrix is square and not empty; this is {counts.GetLength(0)}×{counts.GetLength(1)}",
                    nameof(counts));
        }
        foreach (var c in counts) ArgumentOutOfRangeException.ThrowIfNegative(c, nameof(counts));
        _counts = (long[,])counts.Clone();
    }

    /// <summary>Counts every image once, under its true label and its most probable class.</summary>
    public static ConfusionMatrix From(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var predicted = predictions.Predicted();
        var counts = new long[predictions.Classes.Count, predictions.Classes.Count];
        for (int i = 0; i < predicted.Length; i++) counts[predictions.Labels[i], predicted[i]]++;
        return new(counts);
    }

    /// <summary>The sum over several tests, such as the seeds of one arm.</summary>
    public static ConfusionMatrix Sum(IReadOnlyCollection<ConfusionMatrix> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var k = parts.First().Classes;
        var counts = new long[k, k];
        foreach (var part in parts)
        {
            if (part.Classes != k) throw new ArgumentException($"{part.Classes} and {k} classes do not add up", nameof(parts));
            for (int i = 0; i < k; i++)
            {
                for (int j = 0; j < k; j++) counts[i, j] += part[i, j];
            }
        }
        return new(counts);
    }

    /// <summary>K, the number of classes.</summary>
    public int Classes => _counts.GetLength(0);

    /// <summary>How many images of class <paramref name="actual"/> were taken for <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>All images.</summary>
    public long Total => Enumerable.Range(0, Classes).Sum(Support);

    /// <summary>Images taken for what they are.</summary>
    public long Correct => Enumerable.Range(0, Classes).Sum(k => _counts[k, k]);

    /// <summary>Images that truly are of class <paramref name="k"/>.</summary>
    public long Support(int k) => Enumerable.Range(0, Classes).Sum(j => _counts[k, j]);

    /// <summary>Images taken for class <paramref name="k"/>.</summary>
    public long Predicted(int k) => Enumerable.Range(0, Classes).Sum(i => _counts[i, k]);

    /// <summary>
    /// The share of class <paramref name="actual"/> that was taken for <paramref name="predicted"/>; 0 without such an image.
    /// </summary>
    public double RowShare(int actual, int predicted) =>
        Support(actual) is var n and > 0 ? (double)_counts[actual, predicted] / n : 0;
}
