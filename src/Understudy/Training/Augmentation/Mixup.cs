using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Training.Augmentation;

/// <summary>
/// Mixup (Zhang et al., arXiv 1710.09412): λ·batch + (1 − λ)·another order of it, images and targets alike, λ ~ Beta(α, α).
/// Batches come in random order, so the image before is as good a partner as any.
/// </summary>
internal static class Mixup
{
    /// <param name="targets">[N, K]; its mixed rows still sum to 1.</param>
    /// <param name="weights">[N]; a row of weight 0 leaves no trace in what it is mixed into but its image.</param>
    /// <returns>New images, targets and weights.</returns>
    public static (Tensor Images, Tensor Targets, Tensor Weights) Apply(Tensor images, Tensor targets, Tensor weights,
        double alpha, ulong seed,
        long step)
    {
        using var scope = NewDisposeScope();
        var lambda = Beta(alpha, new KeyedRandom(seed, "classifier/mixup", step));
        var mixed = Mix(weights, lambda);
        // The loss is linear in weight × target; that product is what is mixed.
        var share = Mix(targets * weights.unsqueeze(1), lambda).div_(mixed.clamp_min(1e-12).unsqueeze(1));
        return (Mix(images, lambda).MoveToOuterDisposeScope(), share.MoveToOuterDisposeScope(), mixed.MoveToOuterDisposeScope());
    }

    private static Tensor Mix(Tensor x, double lambda) => (x * lambda).add_(x.roll(1, 0), 1 - lambda);

    /// <summary>
    /// Beta(α, α) by Jöhnk's rejection for α ≤ 1; above, as the ratio of gamma variates (Marsaglia and Tsang 2000).
    /// </summary>
    internal static double Beta(double alpha, KeyedRandom random)
    {
        while (alpha <= 1)
        {
            // In logarithms: for a small α both powers can underflow to 0.
            var (x, y) = (Math.Log(1 - random.Uniform()) / alpha, Math.Log(1 - random.Uniform()) / alpha);
            var top = Math.Max(x, y);
            var logSum = top + Math.Log(Math.Exp(x - top) + Math.Exp(y - top));
            if (logSum <= 0) return Math.Exp(x - logSum);
        }
        var (a, b) = (Gamma(alpha, random), Gamma(alpha, random));
        return a / (a + b);
    }

    private static double Gamma(double alpha, KeyedRandom random)
    {
        var d = alpha - 1.0 / 3;
        while (true)
        {
            var x = random.Normal();
            var v = Math.Pow(1 + x / Math.Sqrt(9 * d), 3);
            if (v > 0 && Math.Log(1 - random.Uniform()) < x * x / 2 + d - d * v + d * Math.Log(v)) return d * v;
        }
    }
}
