using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// The plain convolutional network of the proposal: convolutions 32, 64, 128 (5×5), 512, 512, each with ELU, batch norm and
/// max pooling 2, then dense layers. The proposal gives widths and size (3.6 M parameters, 84 M multiply-adds at 48×48) but not
/// the dense part; 512 and 256 units are our reading of it. A mean over what is left of the image makes it take any size from 32
/// pixels.
/// </summary>
internal sealed class PlainCnn : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private static readonly (int Width, int Kernel)[] Figure = [(32, 3), (64, 3), (128, 5), (512, 3), (512, 3)];

    private readonly Layers features, classifier;

    public PlainCnn(ImageShape shape, int classes, double dropout) : base(nameof(PlainCnn))
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        var from = shape.Channels;
        foreach (var (width, kernel) in Figure)
        {
            layers.AddRange(
                [nn.Conv2d(from, width, kernel, padding: kernel / 2), nn.ELU(), nn.BatchNorm2d(width), nn.MaxPool2d(2)]);
            from = width;
        }
        features = new Layers(layers);
        classifier = new Layers(nn.Linear(from, 512), nn.ELU(), nn.Dropout(dropout), nn.Linear(512, 256), nn.ELU(),
            nn.Dropout(dropout), nn.Linear(256, classes));
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W], about [−1, 1].</param>
    /// <returns>Logits, [N, classes].</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = features.call(x);                                                                 // [N, 512, H/32, W/32]
        return classifier.call(GlobalMean.Of(y)).MoveToOuterDisposeScope();                       // [N, classes]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name) =>
        graph.Call(classifier, graph.Flatten(graph.Mean(graph.Call(features, x, name + "features."))), name + "classifier.");
}
