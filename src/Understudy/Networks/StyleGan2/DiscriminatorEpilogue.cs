using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// The last block, at 4×4 or 3×3, in the parameters' type: minibatch standard deviation, a convolution, two fully connected
/// layers.
/// </summary>
internal sealed class DiscriminatorEpilogue : nn.Module
{
    private readonly Convolution? fromrgb;
    private readonly Convolution conv;
    private readonly FullyConnected fc;
    private readonly FullyConnected @out;
    private readonly FullyConnected? classify;
    private readonly FullyConnected? unconditional;
    private readonly int group;
    private readonly int stddevChannels;

    /// <param name="outputs">1, or the length of the projection.</param>
    public DiscriminatorEpilogue(int channels, int resolution, int outputs, DiscriminatorOptions options, Initialiser init)
        : base(nameof(DiscriminatorEpilogue))
    {
        (group, stddevChannels) = (options.StddevGroup, options.StddevChannels);
        if (options.Architecture == Architecture.Skip)
            fromrgb = new Convolution(options.Channels, channels, 1, init.In("fromrgb"));
        conv = new Convolution(channels + stddevChannels, channels, 3, init.In("conv"));
        fc = new FullyConnected(channels * resolution * resolution, channels, init.In("fc"), rectified: true);
        @out = new FullyConnected(channels, outputs, init.In("out"));
        if (options.ClassHead) classify = new FullyConnected(channels, options.LabelDim, init.In("classify"));
        if (options.UnconditionalHead) unconditional = new FullyConnected(channels, 1, init.In("unconditional"));
        RegisterComponents();
    }

    /// <summary>
    /// x [N, channels, r, r] and, for "skip", image [N, C, r, r] to [N, outputs], the class head's logits [N, classes] and the
    /// unconditional one [N, 1].
    /// </summary>
    /// <param name="batches">How many batches x is: deviations are within each.</param>
    public (Tensor Out, Tensor? Classes, Tensor? Unconditional) Apply(Tensor x, Tensor? image, int batches)
    {
        using var scope = NewDisposeScope();
        if (fromrgb is not null) x = x + fromrgb.call(image!);
        if (stddevChannels > 0) x = MinibatchStddev.Append(x, group, stddevChannels, batches);
        var features = fc.call(conv.call(x).flatten(1));                                    // [N, channels]
        return (@out.call(features).MoveToOuterDisposeScope(), classify?.call(features).MoveToOuterDisposeScope(),
            unconditional?.call(features).MoveToOuterDisposeScope());
    }
}
