using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>x · (mean(x²) + 1e-8)^(-1/2) over the features: unit second moment.</summary>
internal static class SecondMoment
{
    /// <summary>x [N, F] to [N, F].</summary>
    public static Tensor Normalise(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (x * (x.square().mean([1], keepdim: true) + 1e-8).rsqrt()).MoveToOuterDisposeScope();
    }
}
