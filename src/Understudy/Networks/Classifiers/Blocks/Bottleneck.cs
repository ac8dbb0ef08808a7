using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// The bottleneck block of He et al., "Deep residual learning" (arXiv 1512.03385, figure 5 right): 1×1 to a quarter of the width,
/// 3×3, 1×1 back, beside an identity or a 1×1 convolution. The stride is the 3×3's, as in torchvision; parameter names are
/// torchvision's.
/// </summary>
internal sealed class Bottleneck : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    /// <summary>The name of the norm that ends the branch.</summary>
    internal const string LastNorm = nameof(bn3);

    private readonly Conv2d conv1, conv2, conv3;
    private readonly BatchNorm2d bn1, bn2, bn3;
    private readonly Layers? downsample;

    /// <param name="to">A multiple of 4.</param>
    public Bottleneck(int from, int to, int stride) : base(nameof(Bottleneck))
    {
        var width = to / 4;
        conv1 = nn.Conv2d(from, width, 1, bias: false);
        bn1 = nn.BatchNorm2d(width);
        conv2 = nn.Conv2d(width, width, 3, stride: stride, padding: 1, bias: false);
        bn2 = nn.BatchNorm2d(width);
        conv3 = nn.Conv2d(width, to, 1, bias: false);
        bn3 = nn.BatchNorm2d(to);
        if (stride != 1 || from != to)
            downsample = new Layers(nn.Conv2d(from, to, 1, stride: stride, bias: false), nn.BatchNorm2d(to));
        RegisterComponents();
    }

    /// <summary>Whether what the branch is added to is the input itself.</summary>
    internal bool BesideIdentity => downsample is null;

    public override Tensor forward(Tensor x)                                                      // [N, from, H, W]
    {
        using var scope = NewDisposeScope();
        var y = BatchNormAct.Apply(bn1, conv1.call(x), Activation.Relu);                          // [N, to/4, H, W]
        y = BatchNormAct.Apply(bn2, conv2.call(y), Activation.Relu);                              // [N, to/4, H/s, W/s]
        y = BatchNormAct.Apply(bn3, conv3.call(y), Activation.Relu, downsample is null ? x : downsample.call(x));
        return y.MoveToOuterDisposeScope();                                                       // [N, to, H/s, W/s]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name)
    {
        var y = graph.Relu(graph.Call(bn1, graph.Call(conv1, x, name + "conv1."), name + "bn1."));
        y = graph.Relu(graph.Call(bn2, graph.Call(conv2, y, name + "conv2."), name + "bn2."));
        y = graph.Call(bn3, graph.Call(conv3, y, name + "conv3."), name + "bn3.");
        return graph.Relu(graph.Add(y, downsample is null ? x : graph.Call(downsample, x, name + "downsample.")));
    }
}
