using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.Ops;

/// <summary>
/// One filter on every channel, at stride 1: a depthwise correlation, zero-padded. The filter is a constant: it gets no gradient.
/// </summary>
/// <remarks>
/// libtorch's own second derivative of a depthwise convolution costs ten forward passes. Filtering is linear and its adjoint is
/// filtering with the turned filter, so this function is its own derivative of every order, at the forward pass's price.
/// </remarks>
internal sealed class Fir : autograd.SingleTensorFunction<Fir>
{
    public override string Name => nameof(Fir);

    /// <summary>
    /// x [N, C, H, W] with <paramref name="filter"/> [kh, kw] to [N, C, H + 2·padY − kh + 1, W + 2·padX − kw + 1].
    /// </summary>
    /// <param name="padY">Zeros above and below, 0 to kh − 1.</param>
    /// <param name="padX">Zeros left and right, 0 to kw − 1.</param>
    public static Tensor Correlate(Tensor x, Tensor filter, long padY, long padX)
    {
        long kh = filter.shape[0], kw = filter.shape[1];
        if (x.dim() != 4 || filter.dim() != 2 || padY < 0 || padY >= kh || padX < 0 || padX >= kw
            || x.shape[2] + 2 * padY < kh || x.shape[3] + 2 * padX < kw)
        {
            throw new ArgumentException(
                $"cannot filter [{string.Join(", ", x.shape)}] with {kh}×{kw} taps and padding {padY}, {padX}");
        }
        using var scope = NewDisposeScope();
        return apply(x, filter, padY, padX).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, filter, padY, padX) = ((Tensor)vars[0], (Tensor)vars[1], (long)vars[2], (long)vars[3]);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([filter]);
        ctx.save_data("pad", (padY, padX));
        if (Maps.Fit(x) && Separate(filter) is { } axes)
        {
            using var source = Maps.ChannelsLast(x);
            var y = Maps.Empty(x.shape[0], x.shape[1], x.shape[2] + 2 * padY - FirKernel.Taps + 1,
                x.shape[3] + 2 * padX - FirKernel.Taps + 1, x.dtype);
            FirKernel.Correlate(source, axes.Vertical, axes.Horizontal, (int)padY, (int)padX, down: 1, y);
            return y;
        }
        using var taps = filter.to(x.dtype);
        using var weight = taps.expand(x.shape[1], 1, filter.shape[0], filter.shape[1]);
        return F.conv2d(x, weight, padding: [padY, padX], groups: x.shape[1]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        var filter = ctx.get_saved_variables()[0];
        var (padY, padX) = ((long, long))ctx.get_data("pad");
        var grad = grad_output.IsInvalid ? null
            : Correlate(grad_output, filter.flip(0, 1), filter.shape[0] - 1 - padY, filter.shape[1] - 1 - padX);
        return BackwardHandover.Return(scope, ctx, grad_output, grad, null, null, null);
    }

    /// <summary>The two sets of four taps that the filter is the product of, if it is one.</summary>
    private static (float[] Vertical, float[] Horizontal)? Separate(Tensor filter)
    {
        if (filter.dtype != ScalarType.Float32 || filter.shape[0] != FirKernel.Taps || filter.shape[1] != FirKernel.Taps)
            return null;
        using var contiguous = filter.contiguous();
        var f = contiguous.data<float>().ToArray();
        var (vertical, horizontal) = (new float[FirKernel.Taps], new float[FirKernel.Taps]);
        float sum = f.Sum(), size = f.Max(Math.Abs);
        if (!(Math.Abs(sum) > 1e-3f * size)) return null;
        for (int i = 0; i < f.Length; i++)
        {
            vertical[i / FirKernel.Taps] += f[i];
            horizontal[i % FirKernel.Taps] += f[i] / sum;
        }
        for (int i = 0; i < f.Length; i++)
        {
            if (Math.Abs(vertical[i / FirKernel.Taps] * horizontal[i % FirKernel.Taps] - f[i]) > 1e-6f * size) return null;
        }
        return (vertical, horizontal);
    }
}
