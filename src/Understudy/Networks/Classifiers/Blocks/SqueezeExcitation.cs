using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// Hu et al., "Squeeze-and-excitation networks" (arXiv 1709.01507, figure 2): every channel is scaled by a gate in [0, 1]
/// computed from the means of all channels. Two 1×1 convolutions, named as in torchvision.
/// </summary>
internal sealed class SqueezeExcitation : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Conv2d fc1, fc2;
    private readonly nn.Module<Tensor, Tensor> activation, gate;

    public SqueezeExcitation(int channels, int squeezed, BlockStyle style) : base(nameof(SqueezeExcitation))
    {
        fc1 = nn.Conv2d(channels, squeezed, 1);
        fc2 = nn.Conv2d(squeezed, channels, 1);
        activation = style.SqueezeActivation();
        gate = style.Gate();
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                                      // [N, C, H, W]
    {
        using var scope = NewDisposeScope();
        var s = activation.call(fc1.call(ChannelMean.Apply(x).unsqueeze(2).unsqueeze(3)));         // [N, C/r, 1, 1]
        s = gate.call(fc2.call(s)).squeeze(3).squeeze(2);                                         // [N, C]
        return ChannelScale.Apply(x, s).MoveToOuterDisposeScope();                                // [N, C, H, W]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name)
    {
        var s = graph.Call(activation, graph.Call(fc1, graph.Mean(x), name + "fc1."), name);
        return graph.Multiply(x, graph.Call(gate, graph.Call(fc2, s, name + "fc2."), name));
    }
}
