using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// Doubling and halving feature maps with the [1, 3, 3, 1] filter. Each is linear and the other's adjoint, up to a factor, so
/// they differentiate each other to every order.
/// </summary>
internal sealed class Doubling : autograd.SingleTensorFunction<Doubling>
{
    private const double Near = 3 / 8.0, Far = 1 / 8.0;

    public override string Name => nameof(Doubling);

    /// <summary>x [N, C, H, W] to [N, C, 2H, 2W], a constant keeping its value at gain 1. Takes what <see cref="Maps.Fit"/>.</summary>
    public static Tensor Apply(Tensor x, double gain = 1)
    {
        using var scope = NewDisposeScope();
        return apply(x, gain).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, gain) = ((Tensor)vars[0], (double)vars[1]);
        ctx.set_materialize_grads(false);
        ctx.save_data(nameof(gain), gain);
        using var source = Maps.ChannelsLast(x);
        var y = Maps.Empty(x.shape[0], x.shape[1], 2 * x.shape[2], 2 * x.shape[3], x.dtype);
        var axis = 2 * Math.Sqrt(gain);
        FirKernel.Double(source, (float)(axis * Near), (float)(axis * Far), y);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        return Lent.Return(scope, ctx, grad_output, grad_output.IsInvalid ? null : Halving.Apply(grad_output, 4 * (double)ctx.get_data("gain")), null);
    }
}

/// <inheritdoc cref="Doubling"/>
internal sealed class Halving : autograd.SingleTensorFunction<Halving>
{
    public override string Name => nameof(Halving);

    /// <summary>x [N, C, 2H, 2W] to [N, C, H, W], a constant keeping its value (but for the edges) at gain 1. Takes what <see cref="Maps.Fit"/>.</summary>
    public static Tensor Apply(Tensor x, double gain = 1)
    {
        using var scope = NewDisposeScope();
        return apply(x, gain).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, gain) = ((Tensor)vars[0], (double)vars[1]);
        ctx.set_materialize_grads(false);
        ctx.save_data(nameof(gain), gain);
        using var source = Maps.ChannelsLast(x);
        var y = Maps.Empty(x.shape[0], x.shape[1], x.shape[2] / 2, x.shape[3] / 2, x.dtype);
        var axis = (float)(Math.Sqrt(gain) / 8);
        ReadOnlySpan<float> taps = [axis, 3 * axis, 3 * axis, axis];
        FirKernel.Correlate(source, taps, taps, 1, 1, down: 2, y);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        return Lent.Return(scope, ctx, grad_output, grad_output.IsInvalid ? null : Doubling.Apply(grad_output, (double)ctx.get_data("gain") / 4), null);
    }
}
