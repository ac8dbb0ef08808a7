using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>
/// All parameters of a module as views of one buffer, and all their gradients as views of another: an optimiser step, an EMA
/// update, a gradient norm are then a few calls into libtorch instead of a few per parameter. Make it after the module is on its
/// device and before anything else keeps a parameter's storage; weights are loaded afterwards by copying into the parameters.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    // Every parameter starts on a cache line, as libtorch's own allocations do, so that the kernels take the same paths.
    private const long Alignment = 16;

    private readonly List<(string Name, long Offset, long[] Shape, Tensor Parameter)> _slots = [];
    private readonly Func<string, bool> _frozen;

    /// <param name="frozen">Names of parameters that never get a gradient, and so never move.</param>
    public FlatParameters(nn.Module module, Func<string, bool>? frozen = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        (Module, _frozen) = (module, frozen ?? (_ => false));
        long total = 0;
        foreach (var (name, parameter) in module.named_parameters())
        {
            if (parameter.dtype != ScalarType.Float32)
                throw new ArgumentException($"parameter {name} is {parameter.dtype}; master weights are float32", nameof(module));
            _slots.Add((name, total, parameter.shape, parameter));
            total += (parameter.numel() + Alignment - 1) / Alignment * Alignment;
        }
        using var outside = NewDisposeScope();
        using var noGradients = no_grad();
        Values = zeros(total).DetachFromDisposeScope();
        Gradient = zeros(total).DetachFromDisposeScope();
        foreach (var (_, offset, shape, parameter) in _slots)
        {
            var view = View(Values, offset, shape);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = View(Gradient, offset, shape);
        }
        if (frozen is not null) RequireGradients(true);
    }

    public nn.Module Module { get; }

    /// <summary>All parameters, one after another, [total]; writing here writes the parameters.</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, at the same places; <c>backward</c> adds into it.</summary>
    public Tensor Gradient { get; }

    /// <summary>Names and shapes, in the buffer's order.</summary>
    public IEnumerable<(string Name, long[] Shape)> Layout => _slots.Select(s => (s.Name, s.Shape));

    /// <summary>The part of a buffer like <see cref="Values"/> that belongs to each parameter, in its shape.</summary>
    public IEnumerable<(string Name, Tensor View)> Views(Tensor buffer) =>
        _slots.Select(s => (s.Name, View(buffer, s.Offset, s.Shape)));

    /// <summary>
    /// A buffer like <see cref="Values"/>, 1 where <paramref name="chosen"/> says yes to the parameter, else 0.
    /// </summary>
    public Tensor Mask(Func<string, Tensor, bool> chosen)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var mask = zeros_like(Values);
        foreach (var (name, offset, shape, parameter) in _slots)
        {
            if (chosen(name, parameter)) View(mask, offset, shape).fill_(1);
        }
        return mask.MoveToOuterDisposeScope();
    }

    public void ZeroGradient() => Gradient.zero_();

    /// <summary>
    /// Replaces NaN by 0 and ±∞ by ±10⁵ in every gradient; returns the norm of what was there before, NaN or ∞ included.
    /// </summary>
    public double CleanGradient()
    {
        using var scope = NewDisposeScope();
        var norm = Gradient.norm().item<float>();
        if (!float.IsFinite(norm)) Gradient.nan_to_num_(0, 1e5, -1e5);
        return norm;
    }

    /// <summary>
    /// Switches gradients for all parameters that are not frozen: a network that only passes gradients through saves a third of
    /// its backward pass.
    /// </summary>
    public void RequireGradients(bool on)
    {
        foreach (var slot in _slots) slot.Parameter.requires_grad = on && !_frozen(slot.Name);
    }

    private static Tensor View(Tensor buffer, long offset, long[] shape) =>
        buffer.narrow(0, offset, shape.Aggregate(1L, (a, b) => a * b)).view(shape);

    /// <summary>Frees the gradients. The values live as long as the module's parameters, which share them.</summary>
    public void Dispose()
    {
        Gradient.Dispose();
        Values.Dispose();
    }
}
