using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Synthesis;

/// <summary>
/// How far two small images lie apart, without a network trained on others: the mean squared difference of pixels, averaged over
/// the image and its halvings down to 3 to 7 pixels. The coarse levels lead the way where features of the images do not overlap
/// yet.
/// </summary>
internal static class ImageDistance
{
    private const int Coarsest = 6;

    /// <summary>Mean squared difference over all levels, [N]; differentiable.</summary>
    /// <param name="a">[N, C, H, W].</param>
    /// <param name="b">[N or 1, C, H, W].</param>
    public static Tensor Squared(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        var difference = a - b;
        var sum = difference.square().mean([1, 2, 3]);
        var levels = 1;
        for (; difference.shape[3] >= Coarsest && difference.shape[3] % 2 == 0; levels++)
        {
            // linear: the difference of the halved images
            difference = F.avg_pool2d(difference, 2);
            sum = sum + difference.square().mean([1, 2, 3]);
        }
        return (sum / levels).MoveToOuterDisposeScope();
    }
}
