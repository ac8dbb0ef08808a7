using System.Globalization;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>How a classifier's weights follow their gradients, whether all of them learn or the last layer alone.</summary>
internal static class LearningRule
{
    /// <summary>The optimiser that options ask for.</summary>
    public static Optimiser OptimiserOf(ClassifierOptions options, FlatParameters parameters, Tensor? rateFactors) =>
        options.Optimiser == ClassifierOptimiser.Sgd
            ? new Sgd(parameters, options.PeakRate, .9, nesterov: true, options.WeightDecay) { RateFactors = rateFactors }
            : new Adam(parameters, options.PeakRate, weightDecay: options.WeightDecay) { RateFactors = rateFactors };

    /// <summary>min(decay, (1 + t) / (10 + t)): a short run is averaged over its last tenth, not over its random start.</summary>
    public static double AverageDecay(double decay, long step) => Math.Min(decay, (1.0 + step) / (10 + step));

    /// <exception cref="TrainingDivergedException">The value is no number, or infinite.</exception>
    public static void RequireFinite(float value, string what, long step, ClassifierOptions options)
    {
        if (float.IsFinite(value)) return;
        var c = CultureInfo.InvariantCulture;
        throw new TrainingDivergedException(string.Create(c, $"train classifier: {what} is {value} at step {step}"),
            string.Create(c, $"Start anew with a lower peak_rate (--rate) than {options.PeakRate}, in another folder (--out): ")
            + "this one keeps the options that failed");
    }
}
