using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// The end of every classifier's convolutions. What comes after it is float32 whatever came before: a handful of numbers per
/// image decide the logits, and rounding those to bfloat16's eight bits would make probabilities of many images equal.
/// </summary>
internal static class GlobalMean
{
    /// <param name="maps">[N, C, H, W].</param>
    /// <returns>The mean of each map, [N, C].</returns>
    public static Tensor Of(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return (maps.dtype == ScalarType.BFloat16 ? maps.to(ScalarType.Float32) : maps).mean([2, 3]).MoveToOuterDisposeScope();
    }
}
