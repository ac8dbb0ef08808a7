using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// Simonyan and Zisserman, "Very deep convolutional networks" (arXiv 1409.1556, table 1), with batch norm: 3×3 convolutions
/// between max poolings, then three dense layers. What is left of the image is averaged and the dense layers are as wide as the
/// last convolution (the paper's have 4,096 units: 120 of VGG-13's 133 million parameters), so that it takes any size from 32
/// pixels.
/// <c>features</c> is torchvision's vgg13_bn by name and shape.
/// </summary>
internal sealed class Vgg : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Layers features, classifier;

    /// <param name="stages">Widths of the convolutions between two poolings, stage by stage; see <see cref="Eight"/> and
    /// <see cref="Thirteen"/>.</param>
    /// <param name="dropout">Between the dense layers, 0 to below 1; the paper's is .5.</param>
    public Vgg(int[][] stages, ImageShape shape, int classes, double dropout) : base(nameof(Vgg))
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        var from = shape.Channels;
        foreach (var stage in stages)
        {
            foreach (var width in stage)
            {
                layers.AddRange([nn.Conv2d(from, width, 3, padding: 1), nn.BatchNorm2d(width), nn.ReLU(inplace: true)]);
                from = width;
            }
            layers.Add(nn.MaxPool2d(2));
        }
        features = new Layers(layers);
        classifier = new Layers(nn.Linear(from, from), nn.ReLU(inplace: true), nn.Dropout(dropout),
            nn.Linear(from, from), nn.ReLU(inplace: true), nn.Dropout(dropout), nn.Linear(from, classes));
        RegisterComponents();
    }

    /// <summary>Five narrow convolutions: for a smoke test in minutes.</summary>
    public static int[][] Eight => [[16], [32], [64], [128], [128]];

    /// <summary>Configuration B of the paper.</summary>
    public static int[][] Thirteen => [[64, 64], [128, 128], [256, 256], [512, 512], [512, 512]];

    /// <param name="x">[N, C, H, W], about [−1, 1].</param>
    /// <returns>Logits, [N, classes].</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = features.call(x);                                                                 // [N, width, H/32, W/32]
        return classifier.call(GlobalMean.Of(y)).MoveToOuterDisposeScope();                       // [N, classes]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name) =>
        graph.Call(classifier, graph.Flatten(graph.Mean(graph.Call(features, x, name + "features."))), name + "classifier.");
}
