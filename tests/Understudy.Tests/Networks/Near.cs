using static TorchSharp.torch;

namespace Understudy.Tests.Networks;

/// <summary>Comparing tensors.</summary>
internal static class Near
{
    /// <summary>max |a − b|, NaN where either has one.</summary>
    public static double MaxDifference(Tensor a, Tensor b)
    {
        Assert.Equal(b.shape, a.shape);
        if (a.numel() == 0) return 0;
        using var scope = NewDisposeScope();
        return (a.detach().to(ScalarType.Float64) - b.detach().to(ScalarType.Float64)).abs().max().item<double>();
    }

    /// <summary>
    /// ‖a − b‖ / ‖a‖ at most <paramref name="tolerance"/>, and not nothing: the two were computed in different types.
    /// </summary>
    public static void Loosely(Tensor a, Tensor b, double tolerance) =>
        Assert.InRange(((a - b).norm() / a.norm()).item<float>(), 1e-6, tolerance);

    public static void Equal(Tensor expected, Tensor actual, double tolerance, string what = "")
    {
        var difference = MaxDifference(actual, expected);
        Assert.True(difference <= tolerance, $"{what}: differs by up to {difference:g3}, allowed {tolerance:g3}");
    }
}
