using System.Globalization;
using TorchSharp.Modules;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// The residual networks of He et al., "Deep residual learning" (arXiv 1512.03385, table 1), with torchvision's parameter names,
/// so that its published weights fit: 11,689,512 parameters at depth 18, 21,797,672 at 34, 25,557,032 at 50, for 3 channels and
/// 1,000 classes.
/// </summary>
internal sealed class ResNet : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly nn.Module<Tensor, Tensor> maxpool;
    private readonly Layers layer1, layer2, layer3, layer4;
    private readonly Dropout dropout;
    private readonly Linear fc;

    /// <param name="depth">18, 34 or 50.</param>
    /// <param name="dropout">The share of the pooled features that is dropped in training, 0 to below 1; the paper's is
    /// 0.</param>
    /// <exception cref="OptionException">Another depth.</exception>
    public ResNet(int depth, Stem stem, ImageShape shape, int classes, double dropout) : base(nameof(ResNet))
    {
        OptionException.RequireOneOf("depth", depth.ToString(CultureInfo.InvariantCulture), "18", "34", "50");
        int[] blocks = depth == 18 ? [2, 2, 2, 2] : [3, 4, 6, 3];
        var widen = depth == 50 ? 4 : 1;
        conv1 = stem == Stem.Large ? nn.Conv2d(shape.Channels, 64, 7, stride: 2, padding: 3, bias: false)
            : nn.Conv2d(shape.Channels, 64, 3, padding: 1, bias: false);
        bn1 = nn.BatchNorm2d(64);
        maxpool = stem == Stem.Large ? nn.MaxPool2d(3, stride: 2, padding: 1) : nn.Identity();
        layer1 = Stage(64, 64 * widen, blocks[0], stride: 1);
        layer2 = Stage(64 * widen, 128 * widen, blocks[1], stride: 2);
        layer3 = Stage(128 * widen, 256 * widen, blocks[2], stride: 2);
        layer4 = Stage(256 * widen, 512 * widen, blocks[3], stride: 2);
        this.dropout = nn.Dropout(dropout);
        fc = nn.Linear(512 * widen, classes);
        RegisterComponents();

        Layers Stage(int from, int to, int count, int stride) => new([.. Enumerable.Range(0, count).Select(b => depth == 50
            ? (nn.Module<Tensor, Tensor>)new Bottleneck(b == 0 ? from : to, to, b == 0 ? stride : 1)
            : new ResidualBlock(b == 0 ? from : to, to, b == 0 ? stride : 1))]);
    }

    /// <param name="x">[N, C, H, W], about [−1, 1].</param>
    /// <returns>Logits, [N, classes].</returns>
    // at 224 pixels (48 with the small stem):
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = BatchNormAct.Apply(bn1, conv1.call(x), Activation.Relu);                          // [N, 64, 112, 112]   (48)
        y = layer1.call(maxpool.call(y));                                                         // [N, 64·w, 56, 56]   (48)
        y = layer2.call(y);                                                                       // [N, 128·w, 28, 28]  (24)
        y = layer3.call(y);                                                                       // [N, 256·w, 14, 14]  (12)
        y = layer4.call(y);                                                                       // [N, 512·w, 7, 7]    (6)
        return fc.call(dropout.call(GlobalMean.Of(y))).MoveToOuterDisposeScope();                 // [N, classes]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name)
    {
        var y = graph.Relu(graph.Call(bn1, graph.Call(conv1, x, name + "conv1."), name + "bn1."));
        y = graph.Call(layer1, graph.Call(maxpool, y, name + "maxpool."), name + "layer1.");
        y = graph.Call(layer2, y, name + "layer2.");
        y = graph.Call(layer3, y, name + "layer3.");
        y = graph.Call(layer4, y, name + "layer4.");
        return graph.Call(fc, graph.Flatten(graph.Mean(y)), name + "fc.");
    }
}
