using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>What a discriminator says of a batch.</summary>
/// <param name="Logits">[N, 1]; conditional where the discriminator is.</param>
/// <param name="Classes">The class head's logits [N, label_dim], where there is one.</param>
/// <param name="Unconditional">The logit that no label touches [N, 1], where there is one.</param>
/// <param name="Mismatched">The logits of the same images under other labels [N, 1], where it was asked.</param>
public readonly record struct DiscriminatorOutput(Tensor Logits, Tensor? Classes, Tensor? Unconditional,
    Tensor? Mismatched = null);
