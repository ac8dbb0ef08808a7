using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.Ops;

/// <summary>A convolution of every channel with a square kernel of its own, zero-padded, without a bias.</summary>
internal sealed class DepthwiseConv : autograd.SingleTensorFunction<DepthwiseConv>
{
    public override string Name => nameof(DepthwiseConv);

    /// <param name="x">[N, C, H, W], any type.</param>
    /// <param name="weight">[C, 1, k, k].</param>
    /// <returns>[N, C, (H + 2·padding − k) / stride + 1, …], rounded down.</returns>
    /// <exception cref="ArgumentException">Other shapes, or a kernel larger than the padded maps.</exception>
    public static Tensor Apply(Tensor x, Tensor weight, int stride, int padding)
    {
        var k = weight.shape[^1];
        if (x.dim() != 4 || !weight.shape.SequenceEqual([x.shape[1], 1, k, k])
            || Math.Min(x.shape[2], x.shape[3]) + 2 * padding < k || padding < 0 || stride < 1)
        {
            throw new ArgumentException($"cannot convolve [{string.Join(", ", x.shape)}] by channel with "
                + $"[{string.Join(", ", weight.shape)}], "
                + $"stride {stride}, padding {padding}");
        }
        using var scope = NewDisposeScope();
        var y = Maps.Fit(x) ? apply(x, weight, stride, padding)
            : F.conv2d(x, weight, strides: [stride, stride], padding: [padding, padding], groups: x.shape[1]);
        return y.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, stride, padding) = ((Tensor)vars[0], (Tensor)vars[1], (int)vars[2], (int)vars[3]);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([x, weight]);
        ctx.save_data(nameof(stride), (stride, padding));
        using var source = Maps.ChannelsLast(x);
        using var taps = Taps(weight);
        long Side(long side) => (side + 2 * padding - weight.shape[2]) / stride + 1;
        var y = Maps.Empty(x.shape[0], x.shape[1], Side(x.shape[2]), Side(x.shape[3]), x.dtype);
        DepthwiseKernel.Forward(source, taps, stride, padding, y);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (stride, padding) = ((int, int))ctx.get_data("stride");
        var (gx, gw) = grad_output.IsInvalid ? default
            : is_grad_enabled() ? Differentiable(saved[0], saved[1], grad_output, stride, padding)
            : Backward(saved[0], saved[1], grad_output, stride, padding);
        return BackwardHandover.Return(scope, ctx, grad_output, gx, gw, null, null);
    }

    private static (Tensor? X, Tensor? Weight) Backward(Tensor x, Tensor weight, Tensor g, int stride, int padding)
    {
        var (source, slope) = (Maps.ChannelsLast(x), Maps.ChannelsLast(g));
        var gx = empty_like(source);
        DepthwiseKernel.BackwardMaps(slope, Taps(weight), stride, padding, gx);
        var taps = DepthwiseKernel.BackwardTaps(slope, source, (int)weight.shape[2], stride, padding);
        return (gx, taps.permute(2, 0, 1).unsqueeze(1).contiguous().to(weight.dtype));
    }

    /// <summary>The same in steps that libtorch can differentiate.</summary>
    private static (Tensor? X, Tensor? Weight) Differentiable(Tensor x, Tensor weight, Tensor g, int stride, int padding)
    {
        var (n, c, k) = (x.shape[0], x.shape[1], weight.shape[2]);
        long Missing(int side) => x.shape[side] - ((g.shape[side] - 1) * stride - 2 * padding + k);
        var gx = F.conv_transpose2d(g, weight, strides: [stride, stride], padding: [padding, padding],
            output_padding: [Missing(2), Missing(3)], groups: c);
        var patches = F.unfold(x, k, padding: padding, stride: stride).view(n, c, k * k, -1);
        return (gx, (patches * g.reshape(n, c, 1, -1)).sum([0, 3]).view(weight.shape));
    }

    /// <summary>[k, k, C], float32.</summary>
    private static Tensor Taps(Tensor weight)
    {
        using var taps = weight.squeeze(1).permute(1, 2, 0);
        return Maps.Float(taps);
    }
}
