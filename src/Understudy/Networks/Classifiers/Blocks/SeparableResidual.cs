using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// A module of Chollet's "Xception" (arXiv 1610.02357, figure 5) as mini-XCEPTION has it: two depthwise separable 3×3
/// convolutions with batch norm, max pooling, beside a strided 1×1 convolution. Halves the sides.
/// </summary>
internal sealed class SeparableResidual : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Layers shortcut, branch;

    public SeparableResidual(int from, int to) : base(nameof(SeparableResidual))
    {
        shortcut = new Layers(nn.Conv2d(from, to, 1, stride: 2, bias: false), nn.BatchNorm2d(to));
        branch = new Layers(
            new Depthwise(from, 3), nn.Conv2d(from, to, 1, bias: false), nn.BatchNorm2d(to),
            nn.ReLU(inplace: true),
            new Depthwise(to, 3), nn.Conv2d(to, to, 1, bias: false), nn.BatchNorm2d(to),
            nn.MaxPool2d(3, stride: 2, padding: 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                                      // [N, from, H, W]
    {
        using var scope = NewDisposeScope();
        return branch.call(x).add_(shortcut.call(x)).MoveToOuterDisposeScope();                   // [N, to, H/2, W/2]
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name) =>
        graph.Add(graph.Call(branch, x, name + "branch."), graph.Call(shortcut, x, name + "shortcut."));
}
