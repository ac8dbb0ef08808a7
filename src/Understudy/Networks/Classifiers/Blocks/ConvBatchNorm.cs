using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// A convolution that keeps the sides (or divides them by the stride), a batch norm, and perhaps an activation: numbered 0, 1, 2.
/// </summary>
internal static class ConvBatchNorm
{
    public static Layers Of(int from, int to, int kernel, BlockStyle style, Func<nn.Module<Tensor, Tensor>>? activation,
        int stride = 1, bool depthwise = false)
    {
        nn.Module<Tensor, Tensor> conv = depthwise ? new Depthwise(to, kernel, stride)
            : nn.Conv2d(from, to, kernel, stride: stride, padding: kernel / 2, bias: false);
        var norm = nn.BatchNorm2d(to, eps: style.Epsilon, momentum: style.Momentum);
        return activation is null ? new Layers(conv, norm) : new Layers(conv, norm, activation());
    }
}
