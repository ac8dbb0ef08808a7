using TorchSharp;
using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// One resolution of the synthesis network. The first block starts from a learned constant; every other doubles its input
/// (conv0), refines it (conv1) and, where its architecture has an image here, adds to the image (torgb).
/// </summary>
internal sealed class SynthesisBlock : nn.Module
{
    private readonly Parameter? @const;
    private readonly SynthesisLayer? conv0;
    private readonly SynthesisLayer conv1;
    private readonly ToRgb? torgb;
    private readonly Shortcut? skip;
    private readonly Tensor resample_filter;
    private readonly Resampler? imageUp;

    /// <param name="inputs">Channels of the block below; 0 for the first block.</param>
    public SynthesisBlock(int inputs, int outputs, int resolution, bool last, GeneratorOptions options, Initialiser init)
        : base(nameof(SynthesisBlock))
    {
        var first = inputs == 0;
        var residual = options.Architecture == Architecture.Resnet && !first;
        resample_filter = Resampling.Filter1331().DetachFromDisposeScope();
        if (first) @const = init.Normal("const", 1, outputs, resolution, resolution);
        else conv0 = new SynthesisLayer(inputs, outputs, options.WDim, resolution, init.In("conv0"), up: 2);
        conv1 = new SynthesisLayer(outputs, outputs, options.WDim, resolution, init.In("conv1"),
            gain: residual ? Math.Sqrt(0.5) : 1);
        if (last || options.Architecture == Architecture.Skip)
            torgb = new ToRgb(outputs, options.Channels, options.WDim, init.In("torgb"));
        if (residual) skip = Shortcut.Doubling(inputs, outputs, resolution / 2, init.In("skip"));
        if (!first && options.Architecture == Architecture.Skip) imageUp = Resampler.Doubling(resolution / 2);
        RegisterComponents();
    }

    /// <summary>How many w's the convolutions take; the image layer takes one more, which the next block takes too.</summary>
    public int Convolutions => conv0 is null ? 1 : 2;

    /// <summary>
    /// x [N, I, r/2, r/2] and image [N, C, r/2, r/2] (null in the first block) to x [N, O, r, r] and image [N, C, r, r].
    /// </summary>
    /// <param name="ws">All w's of the network, each [N, w_dim].</param>
    /// <param name="firstW">The block's first.</param>
    public (Tensor X, Tensor? Image) Apply(Tensor? x, Tensor? image, Tensor[] ws, int firstW, ScalarType type, NoiseMode noise,
        torch.Generator? random)
    {
        using var scope = NewDisposeScope();
        var y = conv0 is null
            ? Layout.ChannelsLast(@const!.to(type).unsqueeze(0).expand(ws[0].shape[0], -1, -1, -1))
            : conv0.Apply(x!, ws[firstW], noise, random);
        y = conv1.Apply(y, ws[firstW + Convolutions - 1], noise, random);
        if (skip is not null) y = skip.call(x!) + y;
        if (image is not null && imageUp is not null) image = imageUp.call(image);
        if (torgb is not null)
        {
            var rgb = torgb.Apply(y, ws[firstW + Convolutions]);
            image = image is null ? rgb : rgb.add_(image);
        }
        return (y.MoveToOuterDisposeScope(), image?.MoveToOuterDisposeScope());
    }
}
