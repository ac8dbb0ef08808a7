using Understudy.Common;
using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>The classifiers by name. Every one takes [N, C, H, W] in about [−1, 1] and gives logits [N, classes].</summary>
/// <remarks>A graph of theirs is walked backward once, without or with <c>create_graph</c>: a second time ends the process (docs/adr/0008-own-kernels.md).</remarks>
public static class ClassifierNet
{
    /// <summary>Side: in pixels, what it is meant for. Millions: of multiply-adds at that side, for one grey image and seven classes.</summary>
    private static readonly Dictionary<string, (int Side, double Millions, Func<ImageShape, int, double, nn.Module<Tensor, Tensor>> Make)> Known =
        new(StringComparer.Ordinal)
        {
            // Recipe A at half width: 308 k parameters, 4 M multiply-adds at 32×32; for the many arms of a study.
            ["screening"] = (32, 4, (shape, k, p) => new ResidualCnn(new([16, 32, 64, 128], [1, 1, 1, 1]), shape, k, p)),
            // The default: 1.23 M parameters, 36 M multiply-adds at 48×48.
            ["recipe-a"] = (48, 36, (shape, k, p) => new ResidualCnn(new([32, 64, 128, 256], [1, 1, 1, 1]), shape, k, p)),
            // Two blocks per stage: 2.80 M parameters, 78 M multiply-adds at 48×48.
            ["recipe-b"] = (48, 78, (shape, k, p) => new ResidualCnn(new([32, 64, 128, 256], [2, 2, 2, 2]), shape, k, p)),
            ["proposal-cnn"] = (48, 84, (shape, k, p) => new PlainCnn(shape, k, p)),
            ["vgg8"] = (32, 4.31, (shape, k, p) => new Vgg(Vgg.Eight, shape, k, p)),
            ["vgg13"] = (48, 511, (shape, k, p) => new Vgg(Vgg.Thirteen, shape, k, p)),
            ["mini-xception"] = (48, 5.52, (shape, k, p) => new MiniXception(shape, k, p)),
            // Networks for photographs, as published, and with a stem for small images.
            ["resnet18"] = (224, 1730, (shape, k, p) => new ResNet(18, Stem.Large, shape, k, p)),
            ["resnet34"] = (224, 3580, (shape, k, p) => new ResNet(34, Stem.Large, shape, k, p)),
            ["resnet50"] = (224, 4010, (shape, k, p) => new ResNet(50, Stem.Large, shape, k, p)),
            ["mobilenet-v3-small"] = (224, 51.9, (shape, k, p) => new MobileNetV3(large: false, Stem.Large, shape, k, p)),
            ["mobilenet-v3-large"] = (224, 212, (shape, k, p) => new MobileNetV3(large: true, Stem.Large, shape, k, p)),
            ["efficientnet-b0"] = (224, 378, (shape, k, p) => new EfficientNet(Stem.Large, shape, k, p)),
            ["resnet18-48"] = (48, 1247, (shape, k, p) => new ResNet(18, Stem.Small, shape, k, p)),
            ["resnet34-48"] = (48, 2606, (shape, k, p) => new ResNet(34, Stem.Small, shape, k, p)),
            ["resnet50-48"] = (48, 2917, (shape, k, p) => new ResNet(50, Stem.Small, shape, k, p)),
            ["mobilenet-v3-small-48"] = (48, 10.4, (shape, k, p) => new MobileNetV3(large: false, Stem.Small, shape, k, p)),
            ["mobilenet-v3-large-48"] = (48, 41.1, (shape, k, p) => new MobileNetV3(large: true, Stem.Small, shape, k, p)),
            ["efficientnet-b0-48"] = (48, 69.8, (shape, k, p) => new EfficientNet(Stem.Small, shape, k, p)),
        };

    /// <summary>The names <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    /// <summary>The side, in pixels, a network is meant for.</summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static int NaturalSide(string arch) => Find(arch).Side;

    /// <summary>Multiply-adds of one pass forward, within some per cent: for estimates made before there is a network. They grow with the area.</summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static double MultiplyAdds(string arch, int side) => Find(arch) is var n ? n.Millions * 1e6 * side * side / (n.Side * n.Side) : 0;

    /// <summary>Whether most of its convolutions are depthwise, one kernel for each channel: little arithmetic for the bytes they move.</summary>
    public static bool IsDepthwise(string arch) => arch.Split('-')[0] is "mobilenet" or "efficientnet" || arch == "mini-xception";

    /// <summary>Whether a network ends in a linear layer, whose input describes the image; mini-XCEPTION ends in one map per class.</summary>
    internal static bool EndsInLinear(string arch) => arch != "mini-xception";

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
        normalise == Normalisation.None ? Find(arch).Make(shape, classes, dropout)
            : new NormalisedNet(Find(arch).Make(NormalisedNet.Inside(shape), classes, dropout));

    /// <summary>The network itself, whose state has the names that files use, without what stands before it.</summary>
    internal static nn.Module<Tensor, Tensor> Inside(nn.Module<Tensor, Tensor> net) => net is NormalisedNet n ? n.Net : net;

    /// <summary>What a variant of a published network has for itself: it keeps its initial values where published weights do not fit.</summary>
    internal static WeightsFit FitOf(string arch) => arch switch
    {
        "resnet18-48" or "resnet34-48" or "resnet50-48" => new(["conv1.weight"], []),
        "vgg13" => new(["classifier."], []),
        _ => WeightsFit.Exact,
    };

    internal static void RequireShape(ImageShape shape, int smallest, int classes, double dropout)
    {
        OptionException.RequireRange("size", Math.Min(shape.Height, shape.Width), smallest, 4096);
        OptionException.RequireRange("channels", shape.Channels, 1, 4);
        OptionException.RequireRange("classes", classes, 2, 100_000);
        OptionException.RequireRange("dropout", dropout, 0, .99);
    }

    private static (int Side, double Millions, Func<ImageShape, int, double, nn.Module<Tensor, Tensor>> Make) Find(string arch)
    {
        OptionException.RequireOneOf("arch", arch, [.. Known.Keys]);
        return Known[arch];
    }
}
