using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>StyleGAN2's discriminator with a projection head for labels (arXiv 1912.04958, 2006.06676).</summary>
public sealed class Discriminator : nn.Module<Tensor, Tensor?, Tensor>
{
    /// <summary>Initialises every parameter from a seed keyed by the parameter's name.</summary>
    public Discriminator(DiscriminatorOptions options, ulong seed) : base(nameof(Discriminator)) => Options = options.Validate();

    public DiscriminatorOptions Options { get; }

    /// <summary>Images [N, C, H, W] in [−1, 1] and labels c [N, label_dim] (null where unconditional) to logits [N, 1], float32.</summary>
    public override Tensor forward(Tensor img, Tensor? c) => throw new NotImplementedException();
}
