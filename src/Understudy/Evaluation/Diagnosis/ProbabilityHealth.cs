namespace Understudy.Evaluation.Diagnosis;

/// <summary>Are a classifier's probabilities numbers, distributions, and different for different images?</summary>
public static class ProbabilityHealth
{
    public const string Detector = "probabilities";

    private const double SumTolerance = 1e-3;

    // Images differ, so answers do: fewer distinct rows than this share means a net that ignores much of its input.
    private const double LeastDistinct = 0.01;

    /// <param name="probabilities">[N, K] as the classifier gave them, before anything refuses or repairs them.</param>
    public static Finding Check(float[,] probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        int n = probabilities.GetLength(0), classes = probabilities.GetLength(1), notNumbers = 0, outside = 0, wrongSums = 0;
        if (n == 0) return new(Detector, Severity.Inconclusive, "No image was tested.", [], "");
        var rows = new HashSet<string>(StringComparer.Ordinal);
        double widest = 0;
        var bits = new char[2 * classes];
        for (int i = 0; i < n; i++)
        {
            double sum = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
            bool finite = true, inside = true;
            for (int k = 0; k < classes; k++)
            {
                var p = probabilities[i, k];
                finite &= float.IsFinite(p);
                inside &= p is >= 0 and <= 1 + (float)SumTolerance;
                sum += p;
                (least, most) = (Math.Min(least, p), Math.Max(most, p));
                var b = BitConverter.SingleToUInt32Bits(p);
                (bits[2 * k], bits[2 * k + 1]) = ((char)(b >> 16), (char)b);
            }
            if (!finite) notNumbers++;
            else if (!inside) outside++;
            else if (Math.Abs(sum - 1) > SumTolerance) wrongSums++;
            if (finite) widest = Math.Max(widest, most - least);
            rows.Add(new string(bits));
        }
        Evidence[] evidence = [new("images", n), new("rows-not-finite", notNumbers), new("rows-outside-0-1", outside),
            new("rows-not-summing-to-1", wrongSums),
            new("distinct-rows", rows.Count), new("widest-spread-in-a-row", widest)];
        return notNumbers > 0 ? Bad(Severity.Fault, $"{notNumbers} of {n} images have probabilities that are not numbers.",
                "Training diverged or an image is broken: look for NaN in the loss, lower the learning rate, and check the input range.")
            : outside > 0 ? Bad(Severity.Fault, $"{outside} of {n} images have probabilities below 0 or above 1.",
                    "These look like logits: apply a softmax before writing predictions.")
            : wrongSums > 0 ? Bad(Severity.Fault, $"The probabilities of {wrongSums} of {n} images do not sum to 1.",
                    "Apply a softmax over the classes, not a sigmoid per class.")
            : n > 1 && classes > 1 && widest < 1e-6
            ? Bad(Severity.Fault, "Every image gets the same probability for every class.",
                    "The net gives nothing: it was not trained, or its weights were not loaded.")
            : n > 1 && rows.Count == 1 ? Bad(Severity.Fault, $"All {n} images get exactly the same probabilities.",
                    "The net ignores its input: check that images reach it and that its activations are not dead.")
            : n >= 100 && rows.Count < Math.Max(2, LeastDistinct * n)
                ? Bad(Severity.Warning, $"{n} images get only {rows.Count} different answers.",
                    "Saturated or rounded outputs, or a test set of copies: keep probabilities in full precision and look for "
                    + "duplicates.")
            : new(Detector, Severity.Fine, $"All {n} rows are distributions, {rows.Count} of them different.", evidence, "");

        Finding Bad(Severity severity, string message, string cure) => new(Detector, severity, message, evidence, cure);
    }
}
