namespace Understudy.Evaluation.Utility;

/// <summary>Precision, recall and F1, each in [0, 1]: of one class, or averaged over classes.</summary>
public readonly record struct PrecisionRecall(double Precision, double Recall, double F1);

/// <summary>What one class got.</summary>
/// <param name="Support">Test images of the class.</param>
/// <param name="Predicted">Test images taken for it.</param>
/// <param name="Undefined">A ratio was 0/0 (no such image, or none taken for it) and counts as 0.</param>
public sealed record ClassMetrics(PrecisionRecall Score, long Support, long Predicted, bool Undefined);

/// <summary>
/// Accuracy and the averages of precision, recall and F1, from the counts of the whole test set, never averaged over batches.
/// Macro: the plain mean over all classes, also those the test set lacks. Weighted: by support. 0/0 counts as 0 and is flagged:
/// what scikit-learn gives with <c>labels=range(K), zero_division=0</c>.
/// </summary>
public sealed record ClassificationMetrics(
    double Accuracy, double BalancedAccuracy, PrecisionRecall Macro, PrecisionRecall Weighted,
    IReadOnlyList<ClassMetrics> PerClass)
{
    /// <summary>Whether a 0/0 was counted as 0 anywhere.</summary>
    public bool ZeroDivision => PerClass.Any(c => c.Undefined);

    /// <exception cref="ArgumentException">A matrix that counts no image.</exception>
    public static ClassificationMetrics From(ConfusionMatrix confusion)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        var total = confusion.Total;
        if (total == 0) throw new ArgumentException("no image was tested, so there is nothing to measure", nameof(confusion));
        var classes = new ClassMetrics[confusion.Classes];
        for (int k = 0; k < classes.Length; k++)
        {
            long hit = confusion[k, k], support = confusion.Support(k), predicted = confusion.Predicted(k);
            var score = new PrecisionRecall(Ratio(hit, predicted), Ratio(hit, support), Ratio(2 * hit, support + predicted));
            classes[k] = new(score, support, predicted, support == 0 || predicted == 0);
        }
        return new(
            Ratio(confusion.Correct, total),
            classes.Where(c => c.Support > 0).Average(c => c.Score.Recall),
            Average(classes, _ => 1.0 / classes.Length),
            Average(classes, c => (double)c.Support / total),
            classes);
    }

    private static PrecisionRecall Average(ClassMetrics[] classes, Func<ClassMetrics, double> weight) => new(
        classes.Sum(c => weight(c) * c.Score.Precision),
        classes.Sum(c => weight(c) * c.Score.Recall),
        classes.Sum(c => weight(c) * c.Score.F1));

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
