using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.Ops;

/// <summary>The activations of the papers' networks, with their default gains.</summary>
internal enum Activation { Linear, Relu, LeakyRelu, Tanh, Sigmoid, Elu, Selu, Softplus, Swish, HardSwish }

/// <summary>
/// y = clamp(gain · act(x + b), ±clamp). The networks use <see cref="LeakyRelu"/>: a leaky rectifier is positively homogeneous,
/// so they fold the gain into what comes before it, and float32 needs no clamp.
/// </summary>
internal static class BiasAct
{
    /// <summary>The slope for negative values in every network here.</summary>
    public const double Slope = 0.2;

    /// <param name="bias">[C], added along dimension 1.</param>
    /// <param name="gain">Default: <see cref="DefaultGain"/>.</param>
    /// <param name="clamp">Bound of |y|; none by default.</param>
    public static Tensor Apply(Tensor x, Tensor? bias, Activation activation, double? gain = null, double? clamp = null)
    {
        using var scope = NewDisposeScope();
        if (bias is not null) x = x + bias.view([1, -1, .. Enumerable.Repeat(1L, (int)x.dim() - 2)]);
        var y = activation switch
        {
            Activation.Linear => x.alias(),
            Activation.Relu => F.relu(x),
            Activation.LeakyRelu => F.leaky_relu(x, Slope),
            Activation.Tanh => x.tanh(),
            Activation.Sigmoid => x.sigmoid(),
            Activation.Elu => F.elu(x, 1),
            Activation.Selu => F.selu(x),
            Activation.Softplus => F.softplus(x, 1, 20),
            Activation.Swish => x.sigmoid() * x,
            Activation.HardSwish => F.hardswish(x),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation"),
        };
        var g = gain ?? DefaultGain(activation);
        if (g != 1) y = y * g;
        if (clamp is { } bound) y = y.clamp(-bound, bound);
        return y.MoveToOuterDisposeScope();
    }

    /// <summary>The derivative of an activation without gain, differentiable again.</summary>
    /// <exception cref="NotSupportedException">One that nobody has needed yet.</exception>
    public static Tensor Derivative(Tensor z, Activation activation)
    {
        using var scope = NewDisposeScope();
        var slope = activation switch
        {
            Activation.Linear => ones_like(z),
            Activation.Relu => (z > 0).to(z.dtype),
            Activation.Swish => z.sigmoid() is var s ? s * (1 + z * (1 - s)) : s,
            Activation.HardSwish => where(z <= -3, zeros_like(z), where(z >= 3, ones_like(z), z / 3 + .5)),
            _ => throw new NotSupportedException($"the derivative of {activation}"),
        };
        return slope.MoveToOuterDisposeScope();
    }

    /// <summary>√2 for rectifiers and swish, else 1.</summary>
    public static double DefaultGain(Activation activation) =>
        activation is Activation.Relu or Activation.LeakyRelu or Activation.Swish ? Math.Sqrt(2) : 1;

    /// <summary>
    /// The networks' rectifier, in place: <paramref name="x"/> must be a fresh result that no derivative needs (convolutions,
    /// sums and products with a saved factor do not).
    /// </summary>
    public static Tensor LeakyRelu(Tensor x) => x.dim() == 4 ? Rectifier.Apply(x) : F.leaky_relu(x, Slope, inplace: true);
}
