namespace Understudy.Evaluation.Utility;

/// <summary>Whether a classifier's probabilities mean what they say.</summary>
public static class Calibration
{
    /// <summary>Bins of the expected calibration error.</summary>
    public const int Bins = 15;

    /// <summary>A probability below this counts as this, so that one certain mistake does not make the mean infinite.</summary>
    public const double Floor = 1e-12;

    /// <summary>The mean of −ln p(true class), in nats; lower is better, ln K is knowing nothing.</summary>
    public static double NegativeLogLikelihood(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        double sum = 0;
        for (int i = 0; i < predictions.Count; i++)
            sum -= Math.Log(Math.Max(Floor, predictions.Probabilities[i, predictions.Labels[i]]));
        return sum / predictions.Count;
    }

    /// <summary>
    /// Expected calibration error (Guo et al. 2017): the gap between confidence (the highest probability) and accuracy, averaged
    /// over 15 bins of equal width (lower edge out, upper edge in), weighted by their images. In [0, 1].
    /// </summary>
    public static double ExpectedError(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var gap = new double[Bins];
        var predicted = predictions.Predicted();
        for (int i = 0; i < predicted.Length; i++)
        {
            double confidence = predictions.Probabilities[i, predicted[i]];
            var bin = Math.Clamp((int)Math.Ceiling(confidence * Bins) - 1, 0, Bins - 1);
            gap[bin] += confidence - (predicted[i] == predictions.Labels[i] ? 1 : 0);
        }
        return gap.Sum(Math.Abs) / predictions.Count;
    }
}
