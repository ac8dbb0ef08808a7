using TorchSharp;
using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks;

/// <summary>
/// Checks first and second derivatives in float64 against central differences: of Σ y·v along a random direction, and of the
/// slope ⟨∇, u⟩ along another.
/// </summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>First and second order: the first derivative must have a graph of its own.</summary>
    /// <param name="function">From the inputs to a tensor of any shape; called several times.</param>
    public static void Check(Func<Tensor[], Tensor> function, params Tensor[] inputs) => Check(function, linear: false, inputs);

    /// <summary>First order, of a function whose first derivative depends on no input, and so has no graph.</summary>
    /// <inheritdoc cref="Check(Func{Tensor[], Tensor}, Tensor[])"/>
    public static void CheckLinear(Func<Tensor[], Tensor> function, params Tensor[] inputs) =>
        Check(function, linear: true, inputs);

    private static void Check(Func<Tensor[], Tensor> function, bool linear, Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(7);
        var x = inputs.Select(i => i.detach().to(ScalarType.Float64).clone().requires_grad_(true)).ToArray();
        Tensor Like(Tensor t) => randn(t.shape, dtype: ScalarType.Float64, generator: random);
        Tensor? weights = null;
        Tensor Value(Tensor[] at)
        {
            var y = function(at);
            return (y * (weights ??= Like(y))).sum();
        }
        var slopes = x.Select(Like).ToArray();
        Tensor Slope(Tensor[] at)
        {
            var total = zeros([], dtype: ScalarType.Float64);
            foreach (var (gradient, u) in Gradients.Of(Value(at), at).Zip(slopes)) total = total + (gradient * u).sum();
            return total;
        }
        Compare("first", Value, x, Like);
        Assert.True(Slope(x).requires_grad != linear, $"the first derivative has {(linear ? "a" : "no")} graph");
        if (!linear) Compare("second", Slope, x, Like);
    }

    private static void Compare(string order, Func<Tensor[], Tensor> f, Tensor[] x, Func<Tensor, Tensor> like)
    {
        var gradients = Gradients.Of(f(x), x);
        for (int i = 0; i < x.Length; i++)
        {
            var direction = like(x[i]);
            double At(double h) =>
                f([.. x.Select((t, j) => (j == i ? t.detach() + direction * h : t.detach()).requires_grad_(true))])
                    .item<double>();
            var numeric = (At(Step) - At(-Step)) / (2 * Step);
            var analytic = (gradients[i] * direction).sum().item<double>();
            Assert.True(Math.Abs(numeric - analytic) <= 1e-5 * Math.Max(1, Math.Abs(numeric)),
                $"{order} derivative in input {i}: {analytic:g9}, by differences {numeric:g9}");
        }
    }
}
