using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// Howard et al., "Searching for MobileNetV3" (arXiv 1905.02244, tables 1 and 2), with torchvision's parameter names and
/// batch-norm constants: 5,483,032 parameters for Large and 2,542,856 for Small, for 3 channels and 1,000 classes.
/// </summary>
internal sealed class MobileNetV3 : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Layers features, classifier;

    /// <param name="dropout">Before the last layer, 0 to below 1; the paper's is .2.</param>
    public MobileNetV3(bool large, Stem stem, ImageShape shape, int classes, double dropout) : base(nameof(MobileNetV3))
    {
        var style = BlockStyle.MobileNetV3;
        var layers = new List<nn.Module<Tensor, Tensor>> { ConvBatchNorm.Of(shape.Channels, 16, 3, style, Swish,
            stem == Stem.Large ? 2 : 1) };
        var from = 16;
        foreach (var row in large ? Large() : Small())
        {
            layers.Add(new InvertedResidual(from, row, style));
            from = row.To;
        }
        layers.Add(ConvBatchNorm.Of(from, 6 * from, 1, style, Swish));
        features = new Layers(layers);
        var hidden = large ? 1280 : 1024;
        classifier = new Layers(nn.Linear(6 * from, hidden), Swish(), nn.Dropout(dropout), nn.Linear(hidden, classes));
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W], about [−1, 1].</param>
    /// <returns>Logits, [N, classes].</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = features.call(x);                                                                 // [N, 960 or 576, H/32, W/32]
        return classifier.call(GlobalMean.Of(y)).MoveToOuterDisposeScope();                       // [N, classes]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name) =>
        graph.Call(classifier, graph.Flatten(graph.Mean(graph.Call(features, x, name + "features."))), name + "classifier.");

    private static nn.Module<Tensor, Tensor> Swish() => nn.Hardswish(inplace: true);

    private static nn.Module<Tensor, Tensor> Relu() => nn.ReLU(inplace: true);

    // Kernel, expansion, output, squeezed (a quarter of the expansion in multiples of 8), activation, stride.
    private static InvertedRow[] Large() =>
    [
        new(3, 16, 16, 0, Relu, 1),
        new(3, 64, 24, 0, Relu, 2),
        new(3, 72, 24, 0, Relu, 1),
        new(5, 72, 40, 24, Relu, 2),
        new(5, 120, 40, 32, Relu, 1),
        new(5, 120, 40, 32, Relu, 1),
        new(3, 240, 80, 0, Swish, 2),
        new(3, 200, 80, 0, Swish, 1),
        new(3, 184, 80, 0, Swish, 1),
        new(3, 184, 80, 0, Swish, 1),
        new(3, 480, 112, 120, Swish, 1),
        new(3, 672, 112, 168, Swish, 1),
        new(5, 672, 160, 168, Swish, 2),
        new(5, 960, 160, 240, Swish, 1),
        new(5, 960, 160, 240, Swish, 1),
    ];

    private static InvertedRow[] Small() =>
    [
        new(3, 16, 16, 8, Relu, 2),
        new(3, 72, 24, 0, Relu, 2),
        new(3, 88, 24, 0, Relu, 1),
        new(5, 96, 40, 24, Swish, 2),
        new(5, 240, 40, 64, Swish, 1),
        new(5, 240, 40, 64, Swish, 1),
        new(5, 120, 48, 32, Swish, 1),
        new(5, 144, 48, 40, Swish, 1),
        new(5, 288, 96, 72, Swish, 2),
        new(5, 576, 96, 144, Swish, 1),
        new(5, 576, 96, 144, Swish, 1),
    ];
}
