using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// One resolution of the discriminator: reads the image (fromrgb), convolves (conv0), convolves and halves (conv1).
/// </summary>
internal sealed class DiscriminatorBlock : nn.Module
{
    private readonly Convolution? fromrgb;
    private readonly Convolution conv0;
    private readonly Convolution conv1;
    private readonly Shortcut? skip;
    private readonly Tensor resample_filter;
    private readonly Resampler? imageDown;

    public DiscriminatorBlock(int channels, int outputs, int resolution, bool first, DiscriminatorOptions options,
        Initialiser init)
        : base(nameof(DiscriminatorBlock))
    {
        var residual = options.Architecture == Architecture.Resnet;
        resample_filter = Resampling.Filter1331().DetachFromDisposeScope();
        if (first || options.Architecture == Architecture.Skip)
            fromrgb = new Convolution(options.Channels, channels, 1, init.In("fromrgb"));
        conv0 = new Convolution(channels, channels, 3, init.In("conv0"));
        conv1 = new Convolution(channels, outputs, 3, init.In("conv1"), down: 2, gain: residual ? Math.Sqrt(0.5) : 1);
        if (residual) skip = Shortcut.Halving(channels, outputs, resolution, init.In("skip"));
        if (options.Architecture == Architecture.Skip) imageDown = Resampler.Halving(resolution);
        RegisterComponents();
    }

    /// <summary>
    /// x [N, channels, r, r] (null in the first block) and image [N, C, r, r] to x [N, outputs, r/2, r/2] and the image for the
    /// next.
    /// </summary>
    public (Tensor X, Tensor? Image) Apply(Tensor? x, Tensor? image)
    {
        using var scope = NewDisposeScope();
        if (fromrgb is not null)
        {
            var read = fromrgb.call(image!);
            x = x is null ? read : x + read;
        }
        image = imageDown?.call(image!);
        var y = conv1.call(conv0.call(x!));
        if (skip is not null) y = skip.call(x!) + y;
        return (y.MoveToOuterDisposeScope(), image?.MoveToOuterDisposeScope());
    }
}
