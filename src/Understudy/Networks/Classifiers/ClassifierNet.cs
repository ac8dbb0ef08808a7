using Understudy.Common;
using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>The classifiers by name. Every one takes [N, C, H, W] in about [−1, 1] and gives logits [N, classes].</summary>
/// <remarks>
/// A graph of theirs is walked backward once, without or with <c>create_graph</c>: a second time ends the process
/// (docs/adr/0008-own-kernels.md).
/// </remarks>
public static class ClassifierNet
{
    /// <summary>The names <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. KnownNet.All.Keys];

    /// <summary>The side, in pixels, a network is meant for.</summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static int NaturalSide(string arch) => Find(arch).Side;

    /// <summary>The smallest side, in pixels, that a network takes.</summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static int LeastSide(string arch) => Find(arch).LeastSide;

    /// <summary>
    /// Multiply-adds of one pass forward, within some per cent: for estimates made before there is a network. They grow with the
    /// area.
    /// </summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static double MultiplyAdds(string arch, int side) =>
        Find(arch) is var n ? n.MultiplyAddMillions * 1e6 * side * side / (n.Side * n.Side) : 0;

    /// <summary>
    /// Whether most of its convolutions are depthwise, one kernel for each channel: little arithmetic for the bytes they move.
    /// </summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static bool IsDepthwise(string arch) => Find(arch).Depthwise;

    /// <summary>
    /// Whether a network ends in a linear layer, whose input describes the image; mini-XCEPTION ends in one map per class.
    /// </summary>
    internal static bool EndsInLinear(string arch) => Find(arch).EndsInLinear;

    /// <summary>Makes a network whose every weight is a function of <paramref name="seed"/> and the weight's name.</summary>
    /// <param name="shape">Of the images it will see; the side may change later, the channels not.</param>
    /// <param name="dropout">0 to below 1.</param>
    /// <param name="normalise">What the images are brought to before the network's own first layer.</param>
    /// <exception cref="OptionException">
    /// An unknown name, an image too small, fewer than two classes, neither grey nor RGB for ImageNet's normalisation.
    /// </exception>
    public static nn.Module<Tensor, Tensor> Create(string arch, ImageShape shape, int classes, double dropout, ulong seed,
        Normalisation normalise = Normalisation.None)
    {
        var net = Uninitialised(arch, shape, classes, dropout, normalise);
        Initialisation.Apply(Inside(net), seed);
        return net;
    }

    /// <summary>As <see cref="Create"/>, for weights that come from elsewhere.</summary>
    internal static nn.Module<Tensor, Tensor> Uninitialised(string arch, ImageShape shape, int classes, double dropout,
        Normalisation normalise = Normalisation.None) =>
        normalise == Normalisation.None ? Find(arch).Create(shape, classes, dropout)
            : new NormalisedNet(Find(arch).Create(NormalisedNet.Inside(shape), classes, dropout));

    /// <summary>The network itself, whose state has the names that files use, without what stands before it.</summary>
    internal static nn.Module<Tensor, Tensor> Inside(nn.Module<Tensor, Tensor> net) => net is NormalisedNet n ? n.Net : net;

    /// <summary>
    /// What a variant of a published network has for itself: it keeps its initial values where published weights do not fit.
    /// </summary>
    internal static WeightsFit FitOf(string arch) => Find(arch).Fit;

    private static KnownNet Find(string arch)
    {
        OptionException.RequireOneOf("arch", arch, [.. KnownNet.All.Keys]);
        return KnownNet.All[arch];
    }
}
