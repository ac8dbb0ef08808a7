namespace Understudy.Evaluation.Diagnosis;

/// <summary>What can be seen in one classifier's predictions without training anything.</summary>
public static class PredictionChecks
{
    /// <summary>
    /// All detectors of this kind, what is most basic first: an earlier fault often explains a later one. Rows out of order look
    /// independent of their labels, and so do constant probabilities.
    /// </summary>
    /// <param name="predictions">In the order in which they were written: one detector reads it.</param>
    /// <param name="seed">Of the shuffles behind p-values.</param>
    public static IReadOnlyList<Finding> All(Predictions predictions, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return
        [
            ProbabilityHealth.Check(predictions.Probabilities),
            DominatingClass.Check(predictions),
            OrderShift.Check(predictions),
            PermutedClasses.Check(predictions, seed),
            LabelIndependence.Check(predictions, seed),
        ];
    }
}
