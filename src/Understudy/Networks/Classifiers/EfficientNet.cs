using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// EfficientNet-B0 of Tan and Le, "EfficientNet" (arXiv 1905.11946, table 1), with torchvision's parameter names: 5,288,548
/// parameters for 3 channels and 1,000 classes. Stochastic depth grows linearly to .2, as published.
/// </summary>
internal sealed class EfficientNet : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private const double DeepestDrop = .2;

    // Kernel, expansion ratio, output, blocks, stride of the first.
    private static readonly (int Kernel, int Expand, int To, int Blocks, int Stride)[] Figure =
        [(3, 1, 16, 1, 1), (3, 6, 24, 2, 2), (5, 6, 40, 2, 2), (3, 6, 80, 3, 2), (5, 6, 112, 3, 1), (5, 6, 192, 4, 2),
            (3, 6, 320, 1, 1)];

    private readonly Layers features, classifier;

    /// <param name="dropout">Before the last layer, 0 to below 1; the paper's is .2.</param>
    public EfficientNet(Stem stem, ImageShape shape, int classes, double dropout) : base(nameof(EfficientNet))
    {
        var style = BlockStyle.EfficientNet;
        var layers = new List<nn.Module<Tensor, Tensor>> { ConvBatchNorm.Of(shape.Channels, 32, 3, style, Swish,
            stem == Stem.Large ? 2 : 1) };
        var total = Figure.Sum(s => s.Blocks);
        var (from, done) = (32, 0);
        foreach (var s in Figure)
        {
            var stage = new List<nn.Module<Tensor, Tensor>>();
            for (int b = 0; b < s.Blocks; b++)
            {
                stage.Add(new InvertedResidual(from, new(s.Kernel, s.Expand * from, s.To, from / 4, Swish, b == 0 ? s.Stride : 1,
                    DeepestDrop * done++ / total), style));
                from = s.To;
            }
            layers.Add(new Layers(stage));
        }
        layers.Add(ConvBatchNorm.Of(from, 1280, 1, style, Swish));
        features = new Layers(layers);
        classifier = new Layers(nn.Dropout(dropout), nn.Linear(1280, classes));
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W], about [−1, 1].</param>
    /// <returns>Logits, [N, classes].</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = features.call(x);                                                                 // [N, 1280, H/32, W/32]
        return classifier.call(GlobalMean.Of(y)).MoveToOuterDisposeScope();                       // [N, classes]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name) =>
        graph.Call(classifier, graph.Flatten(graph.Mean(graph.Call(features, x, name + "features."))), name + "classifier.");

    private static nn.Module<Tensor, Tensor> Swish() => nn.SiLU(inplace: true);
}
