using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// Maps to the channels of an image, with one small matrix for each image: image = x · w. With so few outputs, a convolution or a
/// matrix product would spend its time on rearranging. The first derivative is one pass; higher ones are libtorch's.
/// </summary>
internal sealed class ImageProjection : autograd.SingleTensorFunction<ImageProjection>
{
    public override string Name => nameof(ImageProjection);

    /// <param name="x">[N, I, H, W], any type.</param>
    /// <param name="w">[N, C, I], in the parameters' type.</param>
    /// <returns>[N, C, H, W], the type of w.</returns>
    public static Tensor Apply(Tensor x, Tensor w)
    {
        if (x.dim() != 4 || w.dim() != 3 || w.shape[0] != x.shape[0] || w.shape[2] != x.shape[1])
            throw new ArgumentException($"cannot project [{string.Join(", ", x.shape)}] with [{string.Join(", ", w.shape)}]");
        using var scope = NewDisposeScope();
        return apply(x, w).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, w) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([x, w]);
        if (!Maps.Fit(x)) return bmm(w.to(x.dtype), Rows(x)).to(w.dtype).view(w.shape[0], w.shape[1], x.shape[2], x.shape[3]);
        var image = empty(w.shape[0], w.shape[1], x.shape[2], x.shape[3]);
        ImageKernel.Forward(Maps.ChannelsLast(x), Maps.Float(w), image);
        return image;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        var (gx, gw) = grad_output.IsInvalid ? default : Backward(ctx.get_saved_variables(), grad_output);
        return BackwardHandover.Return(scope, ctx, grad_output, gx, gw);
    }

    private static (Tensor? X, Tensor? W) Backward(List<Tensor> saved, Tensor g)
    {
        var (x, w) = (saved[0], saved[1]);
        if (!is_grad_enabled() && Maps.Fit(x))
        {
            var source = Maps.ChannelsLast(x);
            var (gx, gw) = (empty_like(source), empty(w.shape));
            ImageKernel.Backward(Maps.Float(g), source, Maps.Float(w), gx, gw);
            return (gx, gw);
        }
        var flat = g.to(x.dtype).flatten(2);                                                // [N, C, H·W]
        var rows = bmm(flat.transpose(1, 2), w.to(x.dtype));                                // [N, H·W, I]
        return (Layout.ToNchw(rows.view(x.shape[0], x.shape[2], x.shape[3], x.shape[1])),
            bmm(flat, Rows(x).transpose(1, 2)).to(w.dtype));
    }

    /// <summary>[N, I, H·W].</summary>
    private static Tensor Rows(Tensor x) => x.flatten(2);
}
