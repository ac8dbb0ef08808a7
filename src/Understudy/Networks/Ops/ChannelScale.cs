using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// y = x · s: modulation, one factor for each channel of each image. The first derivative is one pass; higher ones are
/// libtorch's.
/// </summary>
internal sealed class ChannelScale : autograd.SingleTensorFunction<ChannelScale>
{
    public override string Name => nameof(ChannelScale);

    /// <param name="x">[N, C, H, W], any type.</param>
    /// <param name="s">[N, C], any type.</param>
    public static Tensor Apply(Tensor x, Tensor s)
    {
        if (x.dim() != 4 || s.dim() != 2 || s.shape[0] != x.shape[0] || s.shape[1] != x.shape[1])
            throw new ArgumentException($"cannot scale [{string.Join(", ", x.shape)}] by [{string.Join(", ", s.shape)}]");
        using var scope = NewDisposeScope();
        return apply(x, s).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, s) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([x, s]);
        if (!Maps.Fit(x)) return x * PerChannel(s, x);
        using var source = Maps.ChannelsLast(x);
        var y = empty_like(source);
        ScaleKernel.Forward(source, Maps.Float(s), y);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        var (gx, gs) = grad_output.IsInvalid ? default : Backward(ctx.get_saved_variables(), grad_output);
        return BackwardHandover.Return(scope, ctx, grad_output, gx, gs);
    }

    private static (Tensor? X, Tensor? S) Backward(List<Tensor> saved, Tensor g)
    {
        var (x, s) = (saved[0], saved[1]);
        if (is_grad_enabled() || !Maps.Fit(x)) return (g * PerChannel(s, x), (g * x).sum([2, 3]).to(s.dtype));
        var source = Maps.ChannelsLast(x);
        // The kernel's sums are float32, whatever the factors are.
        var (gx, gs) = (empty_like(source), empty(s.shape, ScalarType.Float32));
        ScaleKernel.Backward(Maps.ChannelsLast(g), source, Maps.Float(s), gx, gs);
        return (gx, gs.to(s.dtype));
    }

    /// <summary>[N, C] as [N, C, 1, 1] in the type of the maps.</summary>
    private static Tensor PerChannel(Tensor s, Tensor x) => s.to(x.dtype).unsqueeze(2).unsqueeze(3);
}
