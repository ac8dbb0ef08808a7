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

    /// <summary>x [N, C, H, W] with <paramref name="filter"/> [kh, kw] to [N, C, H + 2·padY − kh + 1, W + 2·padX − kw + 1].</summary>
    /// <param name="padY">Zeros above and below, 0 to kh − 1.</param>
    /// <param name="padX">Zeros left and right, 0 to kw − 1.</param>
    public static Tensor Correlate(Tensor x, Tensor filter, long padY, long padX)
    {
        long kh = filter.shape[0], kw = filter.shape[1];
        if (x.dim() != 4 || filter.dim() != 2 || padY < 0 || padY >= kh || padX < 0 || padX >= kw
            || x.shape[2] + 2 * padY < kh || x.shape[3] + 2 * padX < kw)
            throw new ArgumentException($"cannot filter [{string.Join(", ", x.shape)}] with {kh}×{kw} taps and padding {padY}, {padX}");
        return apply(x, filter, padY, padX);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, filter, padY, padX) = ((Tensor)vars[0], (Tensor)vars[1], (long)vars[2], (long)vars[3]);
        ctx.save_for_backward([filter]);
        ctx.save_data("pad", (padY, padX));
        using var taps = filter.to(x.dtype);
        using var weight = taps.expand(x.shape[1], 1, filter.shape[0], filter.shape[1]);
        return F.conv2d(x, weight, padding: [padY, padX], groups: x.shape[1]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var filter = ctx.get_saved_variables()[0];
        var (padY, padX) = ((long, long))ctx.get_data("pad");
        using var turned = filter.flip(0, 1);
        var grad = apply(grad_output, turned, filter.shape[0] - 1 - padY, filter.shape[1] - 1 - padX);
        return [grad, null!, null!, null!];
    }
}
