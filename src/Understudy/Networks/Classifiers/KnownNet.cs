using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>All that is known of a classifier by its name, before there is one.</summary>
/// <param name="Side">In pixels, what it is meant for.</param>
/// <param name="LeastSide">In pixels: with less, some layer is left without a pixel.</param>
/// <param name="MultiplyAddMillions">Of one pass forward at <paramref name="Side"/>, for one grey image and seven
/// classes.</param>
/// <param name="Make">A network for images of a shape, a number of classes, a share of dropout: all weights as libtorch draws
/// them.</param>
internal sealed record KnownNet(
    int Side, int LeastSide, double MultiplyAddMillions, Func<ImageShape, int, double, nn.Module<Tensor, Tensor>> Make)
{
    /// <summary>Most of its convolutions have one kernel for each channel.</summary>
    public bool Depthwise { get; init; }

    /// <summary>
    /// Its last layer is linear, and what goes into that describes the image; false: it ends in one map per class.
    /// </summary>
    public bool EndsInLinear { get; init; } = true;

    /// <summary>
    /// What a variant of a published network has for itself: it keeps its initial values where published weights do not fit.
    /// </summary>
    public WeightsFit Fit { get; init; } = WeightsFit.Exact;

    private static WeightsFit OwnStem { get; } = new(["conv1.weight"], []);

    private static WeightsFit OwnDenseLayers { get; } = new(["classifier."], []);

    /// <summary>Every network, by its name.</summary>
    public static IReadOnlyDictionary<string, KnownNet> All { get; } =
        new OrderedDictionary<string, KnownNet>(StringComparer.Ordinal)
        {
            // The default of "classify train", at half width: 308 k parameters; for the many arms of a study.
            ["screening"] = new(32, 8, 4, (shape, k, p) => new ResidualCnn(new([16, 32, 64, 128], [1, 1, 1, 1]), shape, k, p)),
            // 1.23 M parameters at 7 classes.
            ["recipe-a"] = new(48, 8, 36, (shape, k, p) => new ResidualCnn(new([32, 64, 128, 256], [1, 1, 1, 1]), shape, k, p)),
            // Two blocks per stage: 2.80 M parameters.
            ["recipe-b"] = new(48, 8, 78, (shape, k, p) => new ResidualCnn(new([32, 64, 128, 256], [2, 2, 2, 2]), shape, k, p)),
            ["proposal-cnn"] = new(48, 32, 84, (shape, k, p) => new PlainCnn(shape, k, p)),
            ["vgg8"] = new(32, 32, 4.31, (shape, k, p) => new Vgg(Vgg.Eight, shape, k, p)),
            ["vgg13"] = new(48, 32, 511, (shape, k, p) => new Vgg(Vgg.Thirteen, shape, k, p)) { Fit = OwnDenseLayers },
            ["mini-xception"] =
            new(48, 16, 5.52, (shape, k, p) => new MiniXception(shape, k, p)) { Depthwise = true, EndsInLinear = false },
            // Networks for photographs, as published, and with a stem for small images.
            ["resnet18"] = new(224, 32, 1730, (shape, k, p) => new ResNet(18, Stem.Large, shape, k, p)),
            ["resnet34"] = new(224, 32, 3580, (shape, k, p) => new ResNet(34, Stem.Large, shape, k, p)),
            ["resnet50"] = new(224, 32, 4010, (shape, k, p) => new ResNet(50, Stem.Large, shape, k, p)),
            ["mobilenet-v3-small"] =
            new(224, 32, 51.9, (shape, k, p) => new MobileNetV3(large: false, Stem.Large, shape, k, p)) { Depthwise = true },
            ["mobilenet-v3-large"] =
            new(224, 32, 212, (shape, k, p) => new MobileNetV3(large: true, Stem.Large, shape, k, p)) { Depthwise = true },
            ["efficientnet-b0"] = new(224, 32, 378, (shape, k, p) => new EfficientNet(Stem.Large, shape, k, p)) { Depthwise = true },
            ["resnet18-48"] = new(48, 8, 1247, (shape, k, p) => new ResNet(18, Stem.Small, shape, k, p)) { Fit = OwnStem },
            ["resnet34-48"] = new(48, 8, 2606, (shape, k, p) => new ResNet(34, Stem.Small, shape, k, p)) { Fit = OwnStem },
            ["resnet50-48"] = new(48, 8, 2917, (shape, k, p) => new ResNet(50, Stem.Small, shape, k, p)) { Fit = OwnStem },
            ["mobilenet-v3-small-48"] =
            new(48, 16, 10.4, (shape, k, p) => new MobileNetV3(large: false, Stem.Small, shape, k, p)) { Depthwise = true },
            ["mobilenet-v3-large-48"] =
            new(48, 16, 41.1, (shape, k, p) => new MobileNetV3(large: true, Stem.Small, shape, k, p)) { Depthwise = true },
            ["efficientnet-b0-48"] =
            new(48, 16, 69.8, (shape, k, p) => new EfficientNet(Stem.Small, shape, k, p)) { Depthwise = true },
        };

    /// <summary>The network, once it is sure that it can be made.</summary>
    /// <exception cref="OptionException">A shape, a number of classes or a dropout out of range.</exception>
    public nn.Module<Tensor, Tensor> Create(ImageShape shape, int classes, double dropout)
    {
        OptionException.RequireRange("size", Math.Min(shape.Height, shape.Width), LeastSide, 4096);
        OptionException.RequireRange("channels", shape.Channels, 1, 4);
        OptionException.RequireRange("classes", classes, 2, 100_000);
        OptionException.RequireRange("dropout", dropout, 0, .99);
        HiddenCaches.Mend();
        return Make(shape, classes, dropout);
    }
}
