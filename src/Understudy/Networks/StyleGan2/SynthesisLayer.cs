using TorchSharp;
using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>A modulated 3×3 convolution, noise, bias and leaky rectifier; optionally doubling the size first.</summary>
internal sealed class SynthesisLayer : nn.Module
{
    private readonly FullyConnected affine;
    private readonly Parameter weight;
    private readonly Parameter noise_strength;
    private readonly Parameter bias;
    private readonly Tensor noise_const;
    private readonly Tensor resample_filter;
    private readonly int resolution;
    private readonly int up;
    private readonly double gain;

    /// <param name="resolution">Of the output.</param>
    /// <param name="gain">On top of the rectifier's √2.</param>
    public SynthesisLayer(int inputs, int outputs, int wDim, int resolution, Initialiser init, int up = 1, double gain = 1)
        : base(nameof(SynthesisLayer))
    {
        (this.resolution, this.up, this.gain) = (resolution, up, gain * Math.Sqrt(2));
        affine = new FullyConnected(wDim, inputs, init.In("affine"), bias: 1);
        weight = init.Normal("weight", 1, outputs, inputs, 3, 3);
        noise_strength = Initialiser.Constant(0);
        bias = Initialiser.Constant(0, outputs);
        noise_const = init.NormalBuffer("noise_const", resolution, resolution);
        resample_filter = Resampling.Filter1331().DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>x [N, I, H, W] and w [N, w_dim] to [N, O, H·up, W·up]. The gain is folded: lrelu(g·y) = g·lrelu(y).</summary>
    public Tensor Apply(Tensor x, Tensor w, NoiseMode mode, torch.Generator? random)
    {
        using var scope = NewDisposeScope();
        var styles = affine.call(w);                                                        // [N, I]
        var y = ModulatedConv.Convolve(x, weight, styles, resample_filter, up, padding: 1);
        var d = ModulatedConv.Demodulation(weight, styles) * gain;                          // [N, O]
        var noise = Noise(x.shape[0], mode, random);
        return StyledRectifier.Apply(y, d, bias * gain, noise, noise is null ? null : noise_strength * gain)
            .MoveToOuterDisposeScope();
    }

    /// <summary>[N or 1, 1, H, W].</summary>
    private Tensor? Noise(long n, NoiseMode mode, torch.Generator? random) => mode switch
    {
        NoiseMode.None => null,
        NoiseMode.Const => noise_const.view(1, 1, resolution, resolution),
        NoiseMode.Random when random is null =>
            throw new ArgumentNullException(nameof(random), "random noise needs a generator to draw from"),
        _ => randn([n, 1, resolution, resolution], dtype: weight.dtype, device: weight.device, generator: random),
    };
}
