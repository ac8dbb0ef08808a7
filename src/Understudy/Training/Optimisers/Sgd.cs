using static TorchSharp.torch;

namespace Understudy.Training.Optimisers;

/// <summary>
/// Stochastic gradient descent with momentum, Nesterov's by choice, as PyTorch defines it: g ← g + wd·θ; b ← μb + g;
/// θ ← θ − lr·(g + μb) with Nesterov, else θ − lr·b.
/// </summary>
public sealed class Sgd : Optimiser
{
    private readonly double _momentum, _weightDecay;
    private readonly bool _nesterov;
    private readonly Tensor? _velocity;
    private readonly Tensor? _decayMask;

    /// <param name="weightDecay">Added to the gradient (L2), not decoupled.</param>
    /// <param name="decays">Which parameters decay; by default those of two or more dimensions.</param>
    public Sgd(FlatParameters parameters, double learningRate, double momentum = 0.9, bool nesterov = true,
        double weightDecay = 0,
        Func<string, Tensor, bool>? decays = null) : base(parameters, learningRate)
    {
        (_momentum, _nesterov, _weightDecay) = (momentum, nesterov, weightDecay);
        _velocity = momentum == 0 ? null : AddState("momentum_buffer");
        _decayMask = weightDecay == 0 ? null : DecayMask(parameters, decays);
    }

    private protected override void Update(Tensor values, Tensor gradient)
    {
        var step = _decayMask is null ? gradient : gradient.addcmul(values, _decayMask, _weightDecay);
        if (_velocity is not null)
        {
            _velocity.mul_(_momentum).add_(step);
            step = _nesterov ? step.add(_velocity, _momentum) : _velocity;
        }
        if (RateFactors is null) values.add_(step, -LearningRate);
        else values.addcmul_(step, RateFactors, -LearningRate);
    }

    public override void Dispose()
    {
        _decayMask?.Dispose();
        base.Dispose();
    }
}
