namespace Understudy.Evaluation.Utility;

/// <summary>
/// Temperature scaling (Guo et al., arXiv 1706.04599): p^(1/T), brought back to a sum of 1; for probabilities of one softmax that
/// is the softmax of logits / T. One number for all classes and images: the likeliest class stays the likeliest.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>What a fitted temperature lies within; the lower end is reached where every prediction is right.</summary>
    public const double Lowest = .05, Highest = 20;

    /// <summary>The temperature of the lowest NLL on labelled predictions.</summary>
    public static double Fit(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        // In β = 1/T the NLL is convex, so that its slope has one zero; it is looked for by halving in ln β.
        var (low, high) = (-Math.Log(Highest), -Math.Log(Lowest));
        for (int i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            if (Slope(predictions, Math.Exp(middle)) < 0) low = middle;
            else high = middle;
        }
        return Math.Clamp(Math.Exp(-(low + high) / 2), Lowest, Highest);
    }

    /// <param name="probabilities">[N, K], each row summing to 1.</param>
    /// <returns>A new table, [N, K].</returns>
    public static float[,] Apply(float[,] probabilities, double temperature)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var (n, k) = (probabilities.GetLength(0), probabilities.GetLength(1));
        var result = new float[n, k];
        for (int i = 0; i < n; i++)
        {
            var scaled = Scaled(probabilities, i, 1 / temperature);
            var likeliest = Enumerable.Range(0, k).MaxBy(c => probabilities[i, c]);
            for (int c = 0; c < k; c++) result[i, c] = (float)scaled[c];
            // Flattened, two neighbouring numbers can round to one; the first of equals would then win.
            for (int c = 0; c < likeliest; c++)
                if (result[i, c] >= result[i, likeliest]) result[i, likeliest] = MathF.BitIncrement(result[i, c]);
        }
        return result;
    }

    /// <summary>d NLL / dβ: the mean of Σₖ p(β)ₖ ln pₖ − ln p(true class).</summary>
    private static double Slope(Predictions predictions, double beta)
    {
        double sum = 0;
        for (int i = 0; i < predictions.Count; i++)
        {
            var scaled = Scaled(predictions.Probabilities, i, beta);
            for (int c = 0; c < scaled.Length; c++) sum += scaled[c] * Log(predictions.Probabilities[i, c]);
            sum -= Log(predictions.Probabilities[i, predictions.Labels[i]]);
        }
        return sum / predictions.Count;
    }

    private static double[] Scaled(float[,] probabilities, int row, double beta)
    {
        var p = new double[probabilities.GetLength(1)];
        double top = double.NegativeInfinity, sum = 0;
        for (int c = 0; c < p.Length; c++) top = Math.Max(top, p[c] = beta * Log(probabilities[row, c]));
        for (int c = 0; c < p.Length; c++) sum += p[c] = Math.Exp(p[c] - top);
        for (int c = 0; c < p.Length; c++) p[c] /= sum;
        return p;
    }

    private static double Log(float p) => Math.Log(Math.Max(Calibration.Floor, p));
}
