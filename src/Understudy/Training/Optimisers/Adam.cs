using static TorchSharp.torch;

namespace Understudy.Training.Optimisers;

/// <summary>
/// Adam (Kingma and Ba 2014, arXiv 1412.6980), with decoupled weight decay where asked (AdamW, arXiv 1711.05101):
/// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − lr·wd·θ − lr/(1−β₁ᵗ) · m / (√(v/(1−β₂ᵗ)) + ε).
/// With β₁ = 0, StyleGAN2's choice, m is the gradient and is not kept.
/// </summary>
public sealed class Adam : Optimiser
{
    private readonly double _beta1, _beta2, _epsilon, _weightDecay;
    private readonly Tensor? _mean;
    private readonly Tensor _square;
    private readonly Tensor? _decayMask;

    /// <param name="weightDecay">Decoupled; 0 for plain Adam.</param>
    /// <param name="decays">Which parameters decay; by default those of two or more dimensions.</param>
    public Adam(FlatParameters parameters, double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        double weightDecay = 0, Func<string, Tensor, bool>? decays = null) : base(parameters, learningRate)
    {
        (_beta1, _beta2, _epsilon, _weightDecay) = (beta1, beta2, epsilon, weightDecay);
        _mean = beta1 == 0 ? null : AddState("exp_avg");
        _square = AddState("exp_avg_sq");
        _decayMask = weightDecay == 0 ? null : DecayMask(parameters, decays);
    }

    private protected override void Update(Tensor values, Tensor gradient)
    {
        var step = new AdamStep(_beta1, _beta2, LearningRate / (1 - Math.Pow(_beta1, Steps)), LearningRate * _weightDecay,
            Math.Sqrt(1 - Math.Pow(_beta2, Steps)), _epsilon);
        if (AdamStep.Fits(values)) step.InOnePass(values, gradient, _mean, _square, _decayMask, RateFactors);
        else step.ByLibtorch(values, gradient, _mean, _square, _decayMask, RateFactors);
    }

    public override void Dispose()
    {
        _decayMask?.Dispose();
        base.Dispose();
    }
}
