using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>What the inverted residual blocks of one network have in common.</summary>
/// <param name="Epsilon">Of the batch norms.</param>
/// <param name="Momentum">Of the batch norms' running statistics.</param>
/// <param name="SqueezeActivation">Between the two layers of squeeze-and-excitation.</param>
/// <param name="Gate">After them, to [0, 1].</param>
internal sealed record BlockStyle(
    double Epsilon, double Momentum, Func<nn.Module<Tensor, Tensor>> SqueezeActivation, Func<nn.Module<Tensor, Tensor>> Gate)
{
    public static BlockStyle MobileNetV3 { get; } = new(1e-3, .01, () => nn.ReLU(inplace: true), () => nn.Hardsigmoid());

    public static BlockStyle EfficientNet { get; } = new(1e-5, .1, () => nn.SiLU(inplace: true), () => nn.Sigmoid());
}
