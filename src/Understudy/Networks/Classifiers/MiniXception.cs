using TorchSharp.Modules;
using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// mini-XCEPTION of Arriaga et al., "Real-time convolutional neural networks for emotion and gender classification" (arXiv
/// 1710.07557, figure 2): two convolutions, four <see cref="SeparableResidual"/>s, and a convolution to one map per class whose
/// mean is the logit; there is no dense layer. 56,951 parameters for one channel and 7 classes.
/// </summary>
internal sealed class MiniXception : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Layers stem, stages;
    private readonly Dropout dropout;
    private readonly Conv2d head;

    /// <param name="dropout">Of the features below the last convolution, in training, 0 to below 1; the paper's is 0.</param>
    public MiniXception(ImageShape shape, int classes, double dropout) : base(nameof(MiniXception))
    {
        stem = new Layers(
            nn.Conv2d(shape.Channels, 8, 3, bias: false), nn.BatchNorm2d(8), nn.ReLU(inplace: true),
            nn.Conv2d(8, 8, 3, bias: false), nn.BatchNorm2d(8), nn.ReLU(inplace: true));
        stages = new Layers(new SeparableResidual(8, 16), new SeparableResidual(16, 32), new SeparableResidual(32, 64),
            new SeparableResidual(64, 128));
        this.dropout = nn.Dropout(dropout);
        head = nn.Conv2d(128, classes, 3, padding: 1);
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W], about [−1, 1].</param>
    /// <returns>Logits, [N, classes].</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = stages.call(stem.call(x));                                                        // [N, 128, H/16, W/16]
        return GlobalMean.Of(head.call(dropout.call(y))).MoveToOuterDisposeScope();               // [N, classes]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name) =>
        graph.Flatten(
            graph.Mean(graph.Call(head, graph.Call(stages, graph.Call(stem, x, name + "stem."), name + "stages."),
                name + "head.")));
}
