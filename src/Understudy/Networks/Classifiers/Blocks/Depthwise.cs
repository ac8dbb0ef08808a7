using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// The layer of a <see cref="DepthwiseConv"/> that keeps the sides, or divides them by the stride. Its one parameter,
/// <c>weight</c> [C, 1, k, k], has the name and shape it has in a convolution in C groups.
/// </summary>
internal sealed class Depthwise : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly Parameter weight;
    private readonly int _kernel, _stride;

    /// <param name="kernel">Odd.</param>
    public Depthwise(int channels, int kernel, int stride = 1) : base(nameof(Depthwise))
    {
        (_kernel, _stride) = (kernel, stride);
        weight = nn.Parameter(zeros(channels, 1, kernel, kernel));
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W].</param>
    /// <returns>[N, C, ⌈H / stride⌉, ⌈W / stride⌉].</returns>
    public override Tensor forward(Tensor x) => DepthwiseConv.Apply(x, weight, _stride, _kernel / 2);

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name) =>
        graph.Convolution([x, graph.Weight(name + "weight", weight)], [_kernel], [_stride], [_kernel / 2], weight.shape[0]);
}
