using static TorchSharp.torch;

namespace Understudy.Training.Augmentation;

/// <summary>Draws and applies the chosen augmentation, by key: the same (seed, name, step) augments alike.</summary>
internal sealed class Augmenter(AugmentKind kind, Keys keys)
{
    private readonly AugmentPolicy? _policy = AugmentPolicy.Of(kind);

    /// <summary>Images [N, C, H, W] in [−1, 1] → the same shape, differentiable twice.</summary>
    /// <param name="p">How likely each transform is for each image, 0 to 1.</param>
    public Tensor Apply(Tensor images, double p, string name, long step)
    {
        if (kind == AugmentKind.None || p <= 0) return images.alias();
        var random = keys.Random(name, step);
        if (_policy is not null) return AdaptiveAugment.Apply(images, _policy, p, random);
        var n = (int)images.shape[0];
        if (kind == AugmentKind.Flip)
        {
            using var scope = NewDisposeScope();
            var flip = tensor([.. Enumerable.Range(0, n).Select(_ => random.Uniform() < p / 2)], [n, 1, 1, 1]);
            return where(flip, images.flip(3), images).MoveToOuterDisposeScope();
        }
        var (height, width) = ((int)images.shape[2], (int)images.shape[3]);
        return DiffAugment.Apply(images, [.. Enumerable.Range(0, n).Select(_ => DiffAugment.Draw(random, p, height, width))]);
    }
}
