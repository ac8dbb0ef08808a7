using Understudy.Evaluation;
using Understudy.Evaluation.Utility;

namespace Understudy.Training.Classification;

/// <summary>What the best epoch is chosen by.</summary>
/// <param name="Accuracy">0 to 1.</param>
/// <param name="Nll">Mean −log p of the true class, in nats.</param>
internal readonly record struct ValidationScore(double Accuracy, double Nll)
{
    public static ValidationScore Of(Predictions validated) =>
        new(validated.Predicted().Zip(validated.Labels).Count(p => p.First == p.Second) / (double)validated.Count,
            Calibration.NegativeLogLikelihood(validated));
}
