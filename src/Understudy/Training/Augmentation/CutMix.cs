using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Training.Augmentation;

/// <summary>
/// CutMix (Yun et al., arXiv 1905.04899): one box of every image is taken from the image before it in the batch, and the box's
/// share of the area from that image's target. λ ~ Beta(α, α); the box has the image's proportions, 1 − λ of its area, and a
/// centre drawn evenly; what hangs over the edge is cut off.
/// </summary>
internal static class CutMix
{
    /// <param name="targets">[N, K]; its mixed rows still sum to 1.</param>
    /// <param name="weights">[N]; mixed as in <see cref="Mixup"/>.</param>
    /// <returns>New images, targets and weights.</returns>
    public static (Tensor Images, Tensor Targets, Tensor Weights) Apply(Tensor images, Tensor targets, Tensor weights,
        double alpha, ulong seed,
        long step)
    {
        using var scope = NewDisposeScope();
        var random = new KeyedRandom(seed, "classifier/cutmix", step);
        var side = Math.Sqrt(1 - Mixup.Beta(alpha, random));
        var ((top, height), (left, width)) =
            (Span(images.shape[2], side, random.Uniform()), Span(images.shape[3], side, random.Uniform()));
        var cut = images.clone();
        if (height * width > 0) Box(cut).copy_(Box(images.roll(1, 0)));
        var (share, mixed) = Mixup.Targets(targets, weights, 1 - (double)(height * width) / (images.shape[2] * images.shape[3]));
        return (cut.MoveToOuterDisposeScope(), share.MoveToOuterDisposeScope(), mixed.MoveToOuterDisposeScope());

        Tensor Box(Tensor x) => x.narrow(2, top, height).narrow(3, left, width);
    }

    /// <summary>The pixels of a line that a box covers.</summary>
    /// <param name="share">Of the line, 0 to 1, before what hangs over is cut off.</param>
    /// <param name="centre">0 to 1.</param>
    internal static (long First, long Count) Span(long length, double share, double centre)
    {
        var first = (long)Math.Round(Math.Clamp((centre - share / 2) * length, 0, length));
        var end = (long)Math.Round(Math.Clamp((centre + share / 2) * length, 0, length));
        return (first, end - first);
    }
}
