using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>One row of a network's table: an inverted residual block.</summary>
/// <param name="Expanded">Channels of the depthwise convolution; no expansion where it equals the block's input.</param>
/// <param name="Squeezed">Channels inside squeeze-and-excitation; 0 for none.</param>
/// <param name="Activation">After the expansion and after the depthwise convolution.</param>
/// <param name="Drop">How often the residual branch of a sample is left out in training, 0 to below 1.</param>
internal sealed record InvertedRow(
    int Kernel, int Expanded, int To, int Squeezed, Func<nn.Module<Tensor, Tensor>> Activation, int Stride, double Drop = 0);

/// <summary>
/// The inverted residual block of Sandler et al., "MobileNetV2" (arXiv 1801.04381, figure 4), with squeeze-and-excitation: 1×1
/// up, depthwise, 1×1 down without activation; an identity beside it where the shape stays. Its branch may be dropped by sample
/// (Huang et al., "Deep networks with stochastic depth", arXiv 1603.09382). Parameter names are torchvision's.
/// </summary>
internal sealed class InvertedResidual : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Layers block;
    private readonly bool residual;
    private readonly double drop;

    public InvertedResidual(int from, InvertedRow row, BlockStyle style) : base(nameof(InvertedResidual))
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        if (row.Expanded != from) layers.Add(ConvBatchNorm.Of(from, row.Expanded, 1, style, row.Activation));
        layers.Add(ConvBatchNorm.Of(row.Expanded, row.Expanded, row.Kernel, style, row.Activation, row.Stride, depthwise: true));
        if (row.Squeezed > 0) layers.Add(new SqueezeExcitation(row.Expanded, row.Squeezed, style));
        layers.Add(ConvBatchNorm.Of(row.Expanded, row.To, 1, style, activation: null));
        block = new Layers(layers);
        (residual, drop) = (row.Stride == 1 && from == row.To, row.Drop);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                                      // [N, from, H, W]
    {
        using var scope = NewDisposeScope();
        if (!residual || !training || drop == 0)
            return block.CallAndAdd(x, residual ? x : null).MoveToOuterDisposeScope();            // [N, to, H/s, W/s]
        // Dropping out a one per sample gives 0 or 1/(1 − p): a branch that is left out, or one that keeps its mean.
        var kept = nn.functional.dropout(ones(x.shape[0], 1, 1, 1, x.dtype, x.device), drop);
        return x.addcmul(block.call(x), kept, 1).MoveToOuterDisposeScope();                       // [N, to, H/s, W/s]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name)
    {
        var y = graph.Call(block, x, name + "block.");
        return residual ? graph.Add(y, x) : y;
    }
}
