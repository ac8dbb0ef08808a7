using TorchSharp;
using TorchSharp.Modules;
using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// Initial values, each drawn from (seed, full parameter name): a parameter's value does not depend on what else the network
/// holds or on the order of construction, so that two networks that differ in one layer start equal in all others.
/// </summary>
internal sealed class Initialiser(ulong seed, string path)
{
    /// <summary>The same, one level down.</summary>
    public Initialiser In(string name) => new(seed, $"{path}.{name}");

    /// <summary>N(0, <paramref name="deviation"/>²).</summary>
    public Parameter Normal(string name, double deviation, params long[] shape) => new(Draw(name, shape).mul_(deviation));

    /// <summary>N(0, 1), not trained.</summary>
    public Tensor NormalBuffer(string name, params long[] shape) => Draw(name, shape).DetachFromDisposeScope();

    public static Parameter Constant(double value, params long[] shape) => new(full(shape, value, dtype: ScalarType.Float32));

    private Tensor Draw(string name, long[] shape)
    {
        using var random = new torch.Generator(Seeds.For(seed, $"{path}.{name}"));
        return randn(shape, dtype: ScalarType.Float32, generator: random);
    }
}
