using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.Ops;

/// <summary>The leaky rectifier on feature maps, in place.</summary>
internal sealed class Rectifier : autograd.SingleTensorFunction<Rectifier>
{
    public override string Name => nameof(Rectifier);

    /// <summary>Overwrites x, which must be a fresh result that no derivative needs, and returns it.</summary>
    public static Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        return apply(x).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var x = (Tensor)vars[0];
        ctx.set_materialize_grads(false);
        ctx.mark_dirty([x]);
        ctx.save_for_backward([x]);
        if (Maps.Fit(x) && Maps.AreChannelsLast(x)) RectifierKernel.Run(x, x, x, BiasAct.Slope);
        else F.leaky_relu(x, BiasAct.Slope, inplace: true);
        return x;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        return BackwardHandover.Return(scope, ctx, grad_output,
            grad_output.IsInvalid ? null : RectifierSlope.Apply(grad_output, ctx.get_saved_variables()[0]));
    }
}

/// <summary>
/// The rectifier's derivative, gradient · (1 or the slope): linear in the gradient, so it is its own derivative of every order.
/// </summary>
internal sealed class RectifierSlope : autograd.SingleTensorFunction<RectifierSlope>
{
    public override string Name => nameof(RectifierSlope);

    /// <param name="result">What the rectifier returned: it has the sign of its input.</param>
    public static Tensor Apply(Tensor gradient, Tensor result)
    {
        using var scope = NewDisposeScope();
        return apply(gradient, result).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (gradient, result) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([result]);
        if (!Maps.Fit(gradient)) return gradient * where(result > 0, 1.0, BiasAct.Slope).to(gradient.dtype);
        var (g, sign) = (Maps.ChannelsLast(gradient), Maps.ChannelsLast(result));
        var y = empty_like(g);
        RectifierKernel.Run(g, sign, y, BiasAct.Slope);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        return BackwardHandover.Return(scope, ctx, grad_output,
            grad_output.IsInvalid ? null : Apply(grad_output, ctx.get_saved_variables()[0]), null);
    }
}
