using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// Feature maps to an image: a modulated 1×1 convolution without demodulation, linear. With so few outputs it is cheapest as one
/// small matrix an image, W·s, applied to all its pixels.
/// </summary>
internal sealed class ToRgb : nn.Module
{
    private readonly FullyConnected affine;
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly double styleGain;

    public ToRgb(int inputs, int channels, int wDim, Initialiser init) : base(nameof(ToRgb))
    {
        affine = new FullyConnected(wDim, inputs, init.In("affine"), bias: 1);
        weight = init.Normal("weight", 1, channels, inputs, 1, 1);
        bias = Initialiser.Constant(0, channels);
        styleGain = 1 / Math.Sqrt(inputs);
        RegisterComponents();
    }

    /// <summary>x [N, I, H, W] and w [N, w_dim] to an image [N, C, H, W] in the parameters' type.</summary>
    public Tensor Apply(Tensor x, Tensor w)
    {
        using var scope = NewDisposeScope();
        var styles = affine.call(w) * styleGain;                                            // [N, I]
        var perImage = styles.unsqueeze(1) * weight.flatten(1).unsqueeze(0);                // [N, C, I]
        return (ImageProjection.Apply(x, perImage) + bias.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
    }
}
