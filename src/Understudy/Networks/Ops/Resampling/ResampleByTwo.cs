using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// Feature maps of twice or half the size, by the [1, 3, 3, 1] filter. Both ways are linear and each other's adjoint, up to a
/// factor: this function is its own derivative of every order, the other way round.
/// </summary>
internal sealed class ResampleByTwo : autograd.SingleTensorFunction<ResampleByTwo>
{
    public override string Name => nameof(ResampleByTwo);

    /// <summary>x [N, C, H, W] to [N, C, 2H, 2W], a constant keeping its value. Takes what <see cref="Maps.Fit"/>.</summary>
    public static Tensor Up(Tensor x) => Apply(x, up: true, gain: 1);

    /// <summary>
    /// x [N, C, 2H, 2W] to [N, C, H, W], a constant keeping its value (but for the edges). Takes what <see cref="Maps.Fit"/>.
    /// </summary>
    public static Tensor Down(Tensor x) => Apply(x, up: false, gain: 1);

    private static Tensor Apply(Tensor x, bool up, double gain)
    {
        using var scope = NewDisposeScope();
        return apply(x, up, gain).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, up, gain) = ((Tensor)vars[0], (bool)vars[1], (double)vars[2]);
        ctx.set_materialize_grads(false);
        ctx.save_data(nameof(gain), gain);
        ctx.save_data(nameof(up), up);
        using var source = Maps.ChannelsLast(x);
        var (height, width) = up ? (2 * x.shape[2], 2 * x.shape[3]) : (x.shape[2] / 2, x.shape[3] / 2);
        var y = Maps.Empty(x.shape[0], x.shape[1], height, width, x.dtype);
        // Along one axis. On the way up a pixel sees two of the four taps, half of their sum: there they weigh twice.
        var (far, near) = ((float)(Math.Sqrt(gain) / 8), (float)(3 * Math.Sqrt(gain) / 8));
        if (up) FirKernel.Double(source, 2 * near, 2 * far, y);
        else FirKernel.Correlate(source, [far, near, near, far], [far, near, near, far], 1, 1, down: 2, y);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        var (up, gain) = ((bool)ctx.get_data("up"), (double)ctx.get_data("gain"));
        var grad = grad_output.IsInvalid ? null : Apply(grad_output, !up, up ? 4 * gain : gain / 4);
        return BackwardHandover.Return(scope, ctx, grad_output, grad, null, null);
    }
}
