using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.Ops;

/// <summary>
/// What follows a modulated convolution: z = lrelu(y · d + b + strength · noise). The first derivative is one pass over the maps;
/// higher ones are libtorch's.
/// </summary>
internal sealed class StyledRectifier : autograd.SingleTensorFunction<StyledRectifier>
{
    public override string Name => nameof(StyledRectifier);

    /// <param name="y">[N, C, H, W], any type.</param>
    /// <param name="d">[N, C], in the parameters' type.</param>
    /// <param name="b">[C], in the parameters' type.</param>
    /// <param name="noise">[N or 1, 1, H, W]; null leaves it out. Where it is learned, all derivatives are libtorch's.</param>
    /// <param name="strength">One number; null leaves the noise out.</param>
    public static Tensor Apply(Tensor y, Tensor d, Tensor b, Tensor? noise, Tensor? strength)
    {
        if (y.dim() != 4 || d.dim() != 2 || d.shape[0] != y.shape[0] || d.shape[1] != y.shape[1] || b.dim() != 1
            || b.shape[0] != y.shape[1])
        {
            throw new ArgumentException(
                $"[{string.Join(", ", y.shape)}], [{string.Join(", ", d.shape)}] and [{string.Join(", ", b.shape)}] are not "
                + "maps, factors and biases");
        }
        using var scope = NewDisposeScope();
        return (noise is null || strength is null ? apply(y, d, b) : apply(y, d, b, noise, strength)).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var inputs = vars.Cast<Tensor>().ToList();
        ctx.set_materialize_grads(false);
        ctx.save_for_backward(inputs);
        var y = inputs[0];
        if (!Maps.Fit(y)) return F.leaky_relu(Linear(inputs), BiasAct.Slope, inplace: true);
        using var source = Maps.ChannelsLast(y);
        var z = empty_like(source);
        StyleKernel.Forward(source, Maps.Float(inputs[1]), Maps.Float(inputs[2]), NoiseOf(inputs), StrengthOf(inputs), z);
        return z;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var gradients = grad_output.IsInvalid ? new Tensor?[saved.Count]
            : is_grad_enabled() || !Maps.Fit(saved[0]) || LearnsNoise(saved) ? Differentiable(saved, grad_output)
            : Backward(saved, grad_output);
        return BackwardHandover.Return(scope, ctx, grad_output, gradients);
    }

    private static Tensor?[] Backward(List<Tensor> saved, Tensor g)
    {
        var (y, d, b) = (Maps.ChannelsLast(saved[0]), Maps.Float(saved[1]), Maps.Float(saved[2]));
        var (gy, sums) = (empty_like(y), empty(3, d.shape[0], d.shape[1]));
        StyleKernel.Backward(Maps.ChannelsLast(g), y, d, b, NoiseOf(saved), StrengthOf(saved), gy, sums);
        Tensor?[] first = [gy, sums[0], sums[1].sum([0])];
        return saved.Count == 3 ? first : [.. first, null, sums[2].sum().view(saved[4].shape)];
    }

    /// <summary>The same in steps that libtorch can differentiate; the rectifier's own second derivative is zero.</summary>
    private static Tensor?[] Differentiable(List<Tensor> saved, Tensor g)
    {
        var (y, d) = (saved[0], saved[1]);
        using var linear = Linear(saved).detach();
        var through = RectifierSlope.Apply(g, linear);
        Tensor?[] first = [through * PerChannel(d, y), (through * y).sum([2, 3]).to(d.dtype), through.sum([0, 2, 3]).to(d.dtype)];
        if (saved.Count == 3) return first;
        var noise = LearnsNoise(saved) ? OfNoise(through, saved[3], saved[4]) : null;
        return [.. first, noise, (through * saved[3].to(y.dtype)).sum().to(d.dtype).view(saved[4].shape)];
    }

    private static bool LearnsNoise(List<Tensor> saved) => saved.Count > 3 && saved[3].requires_grad;

    /// <summary>One pattern reaches every channel, and every image where they share it.</summary>
    private static Tensor OfNoise(Tensor through, Tensor noise, Tensor strength)
    {
        long[] shared = noise.shape[0] < through.shape[0] ? [0, 1] : [1];
        return through.sum(shared, keepdim: true).to(noise.dtype) * strength;
    }

    private static Tensor Linear(List<Tensor> inputs)
    {
        var (y, d, b) = (inputs[0], inputs[1], inputs[2]);
        var sum = b.to(y.dtype).view(1, -1, 1, 1).addcmul(y, PerChannel(d, y), 1);
        return inputs.Count == 3 ? sum : sum.add_((inputs[3] * inputs[4]).to(y.dtype));
    }

    private static Tensor? NoiseOf(List<Tensor> inputs) => inputs.Count == 3 ? null : Maps.Float(inputs[3]);

    private static float StrengthOf(List<Tensor> inputs) => inputs.Count == 3 ? 0 : inputs[4].item<float>();

    private static Tensor PerChannel(Tensor d, Tensor y) => d.to(y.dtype).unsqueeze(2).unsqueeze(3);
}
