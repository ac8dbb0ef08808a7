namespace Understudy.Evaluation.Fidelity;

/// <summary>
/// exp of the mean KL(p(y|x) ‖ p(y)) over a classifier's probabilities (Salimans et al. 2016, who used Inception): 1 when all
/// images get the same answer, K when each is certain and classes are even. A diagnostic: it sees no real image.
/// </summary>
public static class InceptionStyleScore
{
    /// <param name="probabilities">[N, K], each row summing to 1.</param>
    /// <exception cref="ArgumentException">No image, or a row that is no distribution.</exception>
    public static double Of(float[,] probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        int n = probabilities.GetLength(0), classes = probabilities.GetLength(1);
        if (n == 0) throw new ArgumentException("no image to score", nameof(probabilities));
        var marginal = new double[classes];
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            for (int k = 0; k < classes; k++)
            {
                var p = probabilities[i, k];
                if (!(p >= 0))
                    throw new ArgumentException(FormattableString.Invariant($"image {i} has the probability {p} for class {k}"),
                        nameof(probabilities));
                sum += p;
                marginal[k] += p / (double)n;
            }
            if (!(Math.Abs(sum - 1) < 1e-3))
                throw new ArgumentException(
                    FormattableString.Invariant($"the probabilities of image {i} sum to {sum}, not to 1"), nameof(probabilities));
        }
        double divergence = 0;
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < classes; k++)
            {
                double p = probabilities[i, k];
                if (p > 0) divergence += p * Math.Log(p / marginal[k]);
            }
        }
        return Math.Exp(divergence / n);
    }
}
