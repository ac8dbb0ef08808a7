using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>What a discriminator says of a batch.</summary>
/// <param name="Logits">[N, 1]; conditional where the discriminator is.</param>
/// <param name="Classes">The class head's logits [N, label_dim], where there is one.</param>
/// <param name="Unconditional">The logit that no label touches [N, 1], where there is one.</param>
/// <param name="Mismatched">The logits of the last so many images under other labels [n, 1], where it was asked.</param>
public readonly record struct DiscriminatorOutput(Tensor Logits, Tensor? Classes, Tensor? Unconditional,
    Tensor? Mismatched = null)
{
    /// <summary>What it says of the first half of the images, and of the second.</summary>
    internal (DiscriminatorOutput First, DiscriminatorOutput Second) Halves()
    {
        var n = Logits.shape[0] / 2;
        var (logits, classes, unconditional) = (Logits, Classes, Unconditional);
        DiscriminatorOutput From(long row, Tensor? mismatched) =>
            new(logits.narrow(0, row, n), classes?.narrow(0, row, n), unconditional?.narrow(0, row, n), mismatched);
        return (From(0, null), From(n, Mismatched));
    }
}
