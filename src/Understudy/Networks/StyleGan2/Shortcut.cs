using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// The way around a residual block: a 1×1 convolution at the smaller of the two sizes, joined with doubling or halving; no bias,
/// linear, scaled by √½ so that the sum keeps its variance.
/// </summary>
internal sealed class Shortcut : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Tensor resample_filter;
    private readonly Resampler resampler;
    private readonly bool doubles;
    private readonly double weightGain;

    private Shortcut(int inputs, int outputs, Resampler resampler, bool doubles, Initialiser init) : base(nameof(Shortcut))
    {
        weight = init.Normal("weight", 1, outputs, inputs, 1, 1);
        resample_filter = Resampling.Filter1331().DetachFromDisposeScope();
        this.resampler = resampler;
        this.doubles = doubles;
        weightGain = Math.Sqrt(0.5 / inputs);
        RegisterComponents();
    }

    /// <summary>[N, I, R, R] to [N, O, R/2, R/2].</summary>
    public static Shortcut Halving(int inputs, int outputs, int resolution, Initialiser init) =>
        new(inputs, outputs, Resampler.Halving(resolution), doubles: false, init);

    /// <summary>[N, I, R, R] to [N, O, 2R, 2R].</summary>
    public static Shortcut Doubling(int inputs, int outputs, int resolution, Initialiser init) =>
        new(inputs, outputs, Resampler.Doubling(resolution), doubles: true, init);

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (!doubles) x = resampler.call(x);
        var y = Layout.ToNchw(F.linear(Layout.ToNhwc(x), (weight.flatten(1) * weightGain).to(x.dtype)));
        if (doubles) y = resampler.call(y);
        return y.MoveToOuterDisposeScope();
    }
}
