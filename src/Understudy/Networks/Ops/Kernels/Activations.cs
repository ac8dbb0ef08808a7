using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>What a kernel does to eight neighbouring numbers before it writes them, and the derivative of that.</summary>
internal interface IActivation
{
    static abstract Vector256<float> Value(Vector256<float> z);

    static abstract Vector256<float> Slope(Vector256<float> z);
}

internal readonly struct Linear : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> z) => z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> z) => Vector256<float>.One;
}

/// <summary>max(z, 0); NaN stays NaN.</summary>
internal readonly struct Relu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> z) => Vector256.AndNot(z, Vector256.LessThan(z, Vector256<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> z) =>
        Vector256.GreaterThan(z, Vector256<float>.Zero) & Vector256<float>.One;
}

/// <summary>z · σ(z); Hendrycks and Gimpel, arXiv 1606.08415.</summary>
internal readonly struct Swish : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> z) => z * Sigmoid(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> z) =>
        Sigmoid(z) is var s ? s * (Vector256<float>.One + z * (Vector256<float>.One - s)) : s;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sigmoid(Vector256<float> z) =>
        Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-z));
}

/// <summary>z · clamp(z + 3, 0, 6) / 6; Howard et al., arXiv 1905.02244.</summary>
internal readonly struct HardSwish : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> z) =>
        z * Vector256.Min(Vector256.Max(z + Vector256.Create(3f), Vector256<float>.Zero), Vector256.Create(6f)) * (1f / 6);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> z)
    {
        var inside = z * (1f / 3) + Vector256.Create(.5f);
        var above = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(z, Vector256.Create(3f)), Vector256<float>.One,
            inside);
        return Vector256.ConditionalSelect(Vector256.LessThanOrEqual(z, Vector256.Create(-3f)), Vector256<float>.Zero, above);
    }
}
