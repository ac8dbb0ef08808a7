using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// The basic block of He et al., "Deep residual learning" (arXiv 1512.03385): two 3×3 convolutions with batch norm beside an
/// identity, or beside a strided 1×1 convolution where width or size change. Parameter names are torchvision's.
/// </summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Conv2d conv1, conv2;
    private readonly BatchNorm2d bn1, bn2;
    private readonly Layers? downsample;

    public ResidualBlock(int from, int to, int stride) : base(nameof(ResidualBlock))
    {
        conv1 = nn.Conv2d(from, to, 3, stride: stride, padding: 1, bias: false);
        bn1 = nn.BatchNorm2d(to);
        conv2 = nn.Conv2d(to, to, 3, padding: 1, bias: false);
        bn2 = nn.BatchNorm2d(to);
        if (stride != 1 || from != to)
            downsample = new Layers(nn.Conv2d(from, to, 1, stride: stride, bias: false), nn.BatchNorm2d(to));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                                      // [N, from, H, W]
    {
        using var scope = NewDisposeScope();
        var y = BatchNormAct.Apply(bn1, conv1.call(x), Activation.Relu);                          // [N, to, H/s, W/s]
        y = BatchNormAct.Apply(bn2, conv2.call(y), Activation.Relu, downsample is null ? x : downsample.call(x));
        return y.MoveToOuterDisposeScope();                                                       // [N, to, H/s, W/s]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name)
    {
        var y = graph.Relu(graph.Call(bn1, graph.Call(conv1, x, name + "conv1."), name + "bn1."));
        y = graph.Call(bn2, graph.Call(conv2, y, name + "conv2."), name + "bn2.");
        return graph.Relu(graph.Add(y, downsample is null ? x : graph.Call(downsample, x, name + "downsample.")));
    }
}
