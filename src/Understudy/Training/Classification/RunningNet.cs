using Understudy.Networks;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// The network that passes run through, beside the float32 masters that optimiser, average and files know. In float32 it is the
/// masters' own module. In bfloat16 it is a second one: its convolutions are rounded copies of the masters, made anew by
/// <see cref="Refresh"/> in one call for all of them, and everything else in it is the masters' own memory.
/// </summary>
internal sealed class RunningNet : IDisposable
{
    private readonly FlatParameters _masters;
    private readonly Precision _precision;
    private readonly Tensor? _values, _gradient;

    /// <param name="masters">Of a module of the same options.</param>
    /// <param name="create">Makes the second module, where one is needed; its weights do not matter.</param>
    public RunningNet(FlatParameters masters, Precision precision, Func<nn.Module<Tensor, Tensor>> create)
    {
        (_masters, _precision) = (masters, precision);
        if (precision == Precision.Float32)
        {
            Net = (nn.Module<Tensor, Tensor>)masters.Module;
            return;
        }
        Net = Rounding.Apply(create(), precision);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        (_values, _gradient) = (masters.Values.to(ScalarType.BFloat16), zeros_like(masters.Values, ScalarType.BFloat16));
        var parameters = Net.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        Tie(ScalarType.BFloat16, _values, _gradient);
        Tie(ScalarType.Float32, masters.Values, masters.Gradient);
        foreach (var (own, shared) in Net.buffers().Zip(masters.Module.buffers())) own.set_(shared);
        _values.DetachFromDisposeScope();
        _gradient.DetachFromDisposeScope();

        void Tie(ScalarType type, Tensor values, Tensor gradients)
        {
            foreach (var ((name, value), (_, gradient)) in masters.Views(values).Zip(masters.Views(gradients)))
            {
                if (parameters[name].dtype != type) continue;
                parameters[name].set_(value);
                parameters[name].grad = gradient;
            }
        }
    }

    /// <summary>In the mode it was last switched to; takes <see cref="Images"/>, gives float32 logits [N, K].</summary>
    public nn.Module<Tensor, Tensor> Net { get; }

    /// <summary>Images, float32 [N, C, H, W], as the network takes them.</summary>
    public Tensor Images(Tensor images) => Rounding.Images(images, _precision);

    /// <param name="images">[N, C, H, W], float32 in [−1, 1].</param>
    /// <returns>[N, K], float32.</returns>
    public Tensor Logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Net.call(Images(images)).MoveToOuterDisposeScope();
    }

    /// <summary>Takes over the masters as they are now: due after every change of them, before a pass.</summary>
    public void Refresh()
    {
        using var noGradients = no_grad();
        _values?.copy_(_masters.Values);
    }

    /// <summary>Replaces the masters' gradients by those of a loss.</summary>
    public void Backward(Tensor loss)
    {
        _masters.ZeroGradient();
        _gradient?.zero_();
        loss.backward();
        using var noGradients = no_grad();
        if (_gradient is not null) _masters.Gradient.add_(_gradient);
    }

    public void Dispose()
    {
        if (_precision == Precision.Float32) return;
        _values!.Dispose();
        _gradient!.Dispose();
        Net.Dispose();
    }
}
