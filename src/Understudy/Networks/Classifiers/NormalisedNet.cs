using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>A network behind <see cref="Normalisation.Imagenet"/>. In files its weights have the network's own names.</summary>
internal sealed class NormalisedNet : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    // Of ImageNet's RGB pixels in [0, 1]; torchvision's documentation of its published weights.
    private static readonly double[] s_mean = [.485, .456, .406], s_deviation = [.229, .224, .225];

    private readonly nn.Module<Tensor, Tensor> net;

    /// <param name="net">Takes three channels.</param>
    public NormalisedNet(nn.Module<Tensor, Tensor> net) : base(nameof(NormalisedNet))
    {
        this.net = net;
        RegisterComponents();
    }

    public nn.Module<Tensor, Tensor> Net => net;

    /// <summary>The shape of what the network inside takes, for images of a shape.</summary>
    /// <exception cref="OptionException">Neither grey nor RGB.</exception>
    public static ImageShape Inside(ImageShape images) => images.Channels is 1 or 3 ? images with { Channels = 3 }
        : throw new OptionException(
            $"normalise: images of {images.Channels} channels have no mean in ImageNet; give grey or RGB images, or normalise none");

    /// <param name="x">[N, 1 or 3, H, W], [−1, 1].</param>
    /// <returns>Logits, [N, classes].</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (scale, shift) = Constants();
        // A network in bfloat16 gets its images so; the arithmetic before it is float32.
        var y = Layout.ChannelsLastImages((x.to(ScalarType.Float32) * scale + shift).to(x.dtype)); // [N, 3, H, W]
        return net.call(y).MoveToOuterDisposeScope();                                             // [N, classes]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name)
    {
        using var scope = NewDisposeScope();
        var (scale, shift) = Constants();
        return graph.Call(net,
            graph.Add(graph.Multiply(x, graph.Weight("normalise.scale", scale)), graph.Weight("normalise.shift", shift)), name);
    }

    /// <summary>
    /// ((x + 1) / 2 − mean) / deviation as x · scale + shift, each [1, 3, 1, 1]: a grey image becomes three channels by it.
    /// </summary>
    private static (Tensor Scale, Tensor Shift) Constants() =>
        (Row(s_deviation.Select(s => .5 / s)), Row(s_mean.Zip(s_deviation, (m, s) => (.5 - m) / s)));

    private static Tensor Row(IEnumerable<double> values) => tensor(values.Select(v => (float)v).ToArray()).view(1, 3, 1, 1);
}
