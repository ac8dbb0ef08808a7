using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>The mean of every channel of every image, over its pixels.</summary>
internal sealed class ChannelMean : autograd.SingleTensorFunction<ChannelMean>
{
    public override string Name => nameof(ChannelMean);

    /// <param name="x">[N, C, H, W], any type.</param>
    /// <returns>[N, C], in the type of x.</returns>
    public static Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        return apply(x).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var x = (Tensor)vars[0];
        ctx.set_materialize_grads(false);
        ctx.save_data("shape", x.shape);
        if (!Maps.Fit(x)) return x.mean([2, 3]);
        using var source = Maps.ChannelsLast(x);
        using var means = empty(x.shape[0], x.shape[1]);
        MeanKernel.Run(source, means);
        return means.to(x.dtype, copy: true);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        var shape = (long[])ctx.get_data("shape");
        // The same number at every pixel is no map of its own: it is seen so, and added to what else the maps' gradient is.
        var gradient = grad_output.IsInvalid
            ? null : grad_output.div(shape[2] * shape[3]).unsqueeze(2).unsqueeze(3).expand(shape);
        return BackwardHandover.Return(scope, ctx, grad_output, gradient);
    }
}
