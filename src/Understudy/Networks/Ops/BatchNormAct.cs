using System.Runtime.InteropServices;
using TorchSharp.Modules;
using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// Batch norm (Ioffe and Szegedy, arXiv 1502.03167) together with what follows it: act(norm(x) + beside), without the passes over
/// the maps that libtorch makes for each of the three. In training by the statistics of the batch, in evaluation by the running
/// ones.
/// </summary>
internal sealed class BatchNormAct : autograd.SingleTensorFunction<BatchNormAct>
{
    public override string Name => nameof(BatchNormAct);

    /// <param name="norm">Of C channels; in training its running statistics change.</param>
    /// <param name="x">[N, C, H, W], any type.</param>
    /// <param name="activation">Without its gain.</param>
    /// <param name="beside">Like x; null leaves it out.</param>
    /// <returns>Like x.</returns>
    /// <exception cref="ArgumentException">Maps of other channels than the norm's, or two that are not alike.</exception>
    public static Tensor Apply(BatchNorm2d norm, Tensor x, Activation activation, Tensor? beside = null)
    {
        if (x.dim() != 4 || x.shape[1] != norm.num_features)
            throw new ArgumentException(
                $"[{string.Join(", ", x.shape)}] are not maps for a batch norm of {norm.num_features} channels");
        if (beside is not null && (beside.dtype != x.dtype || !beside.shape.SequenceEqual(x.shape)))
            throw new ArgumentException($"{beside.dtype} [{string.Join(", ", beside.shape)}] cannot stand beside {x.dtype} "
                + $"[{string.Join(", ", x.shape)}]");
        using var scope = NewDisposeScope();
        var y = (KernelFor(norm, x, activation), norm.training) switch
        {
            ({ } kernel, true) => beside is null ? apply(x, norm.weight, norm.bias, norm, activation, kernel)
                : apply(x, norm.weight, norm.bias, norm, activation, kernel, beside),
            ({ } kernel, false) when !is_grad_enabled() =>
                Run(kernel, x, Line(norm, Numbers(norm.running_mean), Numbers(norm.running_var)), beside),
            _ => Activate(norm.call(x), activation, beside),
        };
        return y.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The kernel for maps that fit, and a norm with float32 scale, shift and running statistics, as those of all networks here;
    /// else null.
    /// </summary>
    private static BatchNormKernel? KernelFor(BatchNorm2d norm, Tensor x, Activation activation) =>
        Maps.Fit(x) && x.numel() > x.shape[1] && norm.momentum is not null
        && new[] { norm.weight, norm.bias, norm.running_mean,
            norm.running_var }.All(t => t is not null && t.dtype == ScalarType.Float32)
            ? BatchNormKernel.Of(x.dtype, activation) : null;

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, norm, activation, kernel) =
            ((Tensor)vars[0], (BatchNorm2d)vars[3], (Activation)vars[4], (BatchNormKernel)vars[5]);
        var beside = vars.Length > 6 ? (Tensor)vars[6] : null;
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([.. vars.OfType<Tensor>()]);
        using var rows = Maps.ChannelsLast(x);
        var (mean, variance) = kernel.Statistics(rows);
        var line = Line(norm, mean, variance);
        ctx.save_data("norm", (kernel, line, activation, norm.eps));
        Remember(norm, mean, variance, x.numel() / mean.Length);
        return Run(kernel, rows, line, beside);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (kernel, line, activation, epsilon) = ((BatchNormKernel, NormLine, Activation, double))ctx.get_data("norm");
        var (gx, gScale, gShift, gBeside) = grad_output.IsInvalid ? default
            : is_grad_enabled() ? Differentiable(saved, grad_output, activation, epsilon)
            : Backward(kernel, saved, grad_output, line, activation);
        Tensor?[] first = [gx, gScale, gShift, null, null, null];
        return BackwardHandover.Return(scope, ctx, grad_output, saved.Count == 3 ? first : [.. first, gBeside]);
    }

    private static Tensor Run(BatchNormKernel kernel, Tensor x, NormLine line, Tensor? beside)
    {
        using var rows = Maps.ChannelsLast(x);
        using var others = beside is null ? null : Maps.ChannelsLast(beside);
        var y = empty_like(rows);
        kernel.Forward(rows, line, others, y);
        return y;
    }

    private static (Tensor? X, Tensor? Scale, Tensor? Shift, Tensor? Beside) Backward(
        BatchNormKernel kernel, List<Tensor> saved, Tensor g, NormLine line, Activation activation)
    {
        var (x, slope) = (Maps.ChannelsLast(saved[0]), Maps.ChannelsLast(g));
        var beside = saved.Count == 3 ? null : Maps.ChannelsLast(saved[3]);
        // What is added after the norm has the gradient of the sum: what came in, where no activation follows.
        var through = beside is null || activation == Activation.Linear ? null : empty_like(x);
        var gx = empty_like(x);
        var (scale, shift) = kernel.Backward(slope, x, line, beside, through, gx);
        return (gx, Vector(scale, saved[1]), Vector(shift, saved[2]), beside is null ? null : through ?? slope);
    }

    /// <summary>The same in steps that libtorch can differentiate.</summary>
    private static (Tensor? X, Tensor? Scale, Tensor? Shift, Tensor? Beside) Differentiable(
        List<Tensor> saved, Tensor g, Activation activation, double epsilon)
    {
        long[] pixels = [0, 2, 3];
        var (x, scale) = (saved[0], saved[1].to(saved[0].dtype).view(1, -1, 1, 1));
        var centred = x - x.mean(pixels, keepdim: true);
        var deviation = (centred.square().mean(pixels, keepdim: true) + epsilon).rsqrt();
        var normed = centred * deviation;
        var z = normed * scale + saved[2].to(x.dtype).view(1, -1, 1, 1);
        var through = g * BiasAct.Derivative(saved.Count == 3 ? z : z + saved[3], activation);
        var product = through * normed;
        var gx = scale * deviation
            * (through - through.mean(pixels, keepdim: true) - normed * product.mean(pixels, keepdim: true));
        return (gx, product.sum(pixels).to(saved[1].dtype), through.sum(pixels).to(saved[2].dtype),
            saved.Count == 3 ? null : through);
    }

    private static Tensor Activate(Tensor normed, Activation activation, Tensor? beside) =>
        BiasAct.Apply(beside is null ? normed : normed + beside, null, activation, gain: 1);

    private static NormLine Line(BatchNorm2d norm, double[] mean, double[] variance) =>
        new(mean, variance, norm.eps, Span(norm.weight!), Span(norm.bias!));

    /// <summary>
    /// The running statistics, as libtorch keeps them: the variance is the unbiased one. A few numbers, written where they lie:
    /// calls into libtorch for them would cost a small map's whole pass.
    /// </summary>
    private static void Remember(BatchNorm2d norm, double[] mean, double[] variance, long count)
    {
        var share = (double)norm.momentum!;
        Span<float> means = Span(norm.running_mean!), variances = Span(norm.running_var!);
        for (int c = 0; c < mean.Length; c++)
        {
            means[c] = (float)(means[c] + share * (mean[c] - means[c]));
            variances[c] = (float)(variances[c] + share * (variance[c] * count / (count - 1) - variances[c]));
        }
        norm.num_batches_tracked!.add_(1);
    }

    private static double[] Numbers(Tensor? values) => Array.ConvertAll(Span(values!).ToArray(), v => (double)v);

    /// <summary>The numbers of a float32 vector, where they lie.</summary>
    private static Span<float> Span(Tensor vector) => MemoryMarshal.Cast<byte, float>(vector.bytes);

    private static Tensor Vector(double[] values, Tensor like) =>
        tensor(Array.ConvertAll(values, v => (float)v), dtype: like.dtype);
}
