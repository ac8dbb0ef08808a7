using TorchSharp.Modules;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// Channels per stage and blocks per stage of a <see cref="ResidualCnn"/>; the stem is as wide as the first stage.
/// </summary>
internal sealed record ResidualCnnOptions(int[] Widths, int[] Blocks)
{
    /// <exception cref="OptionException">No stage, as many widths as blocks they are not, or a number below 1.</exception>
    public void Validate()
    {
        if (Widths.Length == 0 || Widths.Length != Blocks.Length)
            throw new OptionException($"widths, blocks: {Widths.Length} widths and {Blocks.Length} block counts; give one of "
                + "each per stage");
        foreach (var w in Widths) OptionException.RequireRange("widths", w, 1, 4096);
        foreach (var b in Blocks) OptionException.RequireRange("blocks", b, 1, 64);
    }
}

/// <summary>
/// A small residual network for small images. Stem: convolution 3×3, batch norm, max pooling 2, ReLU. Then stages of
/// <see cref="ResidualBlock"/>s, every stage after the first halving the image; mean over the image, dropout, linear.
/// Takes any image of at least 8×8 pixels. Parameters are named as in torchvision's ResNets (conv1, bn1, layer1.0.conv1, fc).
/// </summary>
internal sealed class ResidualCnn : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Layers[] stages;
    private readonly Dropout dropout;
    private readonly Linear fc;

    /// <param name="dropout">The share of the pooled features that is dropped in training, 0 to below 1.</param>
    public ResidualCnn(ResidualCnnOptions options, ImageShape shape, int classes, double dropout) : base(nameof(ResidualCnn))
    {
        options.Validate();
        var width = options.Widths[0];
        conv1 = nn.Conv2d(shape.Channels, width, 3, padding: 1, bias: false);
        bn1 = nn.BatchNorm2d(width);
        stages = new Layers[options.Widths.Length];
        for (int s = 0; s < stages.Length; s++)
        {
            var (from, to, stride) = (width, options.Widths[s], s == 0 ? 1 : 2);
            width = to;
            stages[s] = new([.. Enumerable.Range(0, options.Blocks[s])
                .Select(b => new ResidualBlock(b == 0 ? from : to, to, b == 0 ? stride : 1))]);
        }
        this.dropout = nn.Dropout(dropout);
        fc = nn.Linear(width, classes);
        RegisterComponents();
        for (int s = 0; s < stages.Length; s++) register_module($"layer{s + 1}", stages[s]);
    }

    /// <param name="x">[N, C, H, W], about [−1, 1].</param>
    /// <returns>Logits, [N, classes].</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        // Maximum and rectifier could change places without a change of value or gradient; as the norm's activation it needs no
        // pass.
        var y = BatchNormAct.Apply(bn1, conv1.call(x), Activation.Relu);                          // [N, W0, H, W]
        y = nn.functional.max_pool2d(y, 2);                                                       // [N, W0, H/2, W/2]
        foreach (var stage in stages) y = stage.call(y);                                          // … [N, W3, H/16, W/16]
        return fc.call(dropout.call(GlobalMean.Of(y))).MoveToOuterDisposeScope();                 // [N, classes]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name)
    {
        var y = graph.Relu(graph.MaxPool(graph.Call(bn1, graph.Call(conv1, x, name + "conv1."), name + "bn1."), 2));
        for (int s = 0; s < stages.Length; s++) y = graph.Call(stages[s], y, $"{name}layer{s + 1}.");
        return graph.Call(fc, graph.Flatten(graph.Mean(y)), name + "fc.");
    }
}
