using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>The one place that calls autograd.grad.</summary>
public static class Gradients
{
    /// <summary>∂ΣOutput/∂input, differentiable again; zeros where the output does not depend on the input.</summary>
    public static Tensor Of(Tensor output, Tensor input) => throw new NotImplementedException();

    /// <summary>NaN → 0, ±∞ → ±1e5, in place, on every gradient of <paramref name="parameters"/>.</summary>
    public static void Sanitise(IEnumerable<TorchSharp.Modules.Parameter> parameters) => throw new NotImplementedException();
}
