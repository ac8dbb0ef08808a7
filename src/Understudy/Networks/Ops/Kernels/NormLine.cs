using System.Runtime.InteropServices;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>What batch norm does to each channel, x · a + b, and the statistics it comes from: four rows that do not move in memory.</summary>
internal sealed class NormLine
{
    private readonly float[] _numbers;
    private readonly int _channels;

    /// <param name="mean">[C].</param>
    /// <param name="variance">[C].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="scale">[C], γ.</param>
    /// <param name="shift">[C], β.</param>
    public NormLine(double[] mean, double[] variance, double epsilon, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        _channels = mean.Length;
        _numbers = GC.AllocateUninitializedArray<float>(4 * _channels, pinned: true);
        Span<float> a = Row(0), b = Row(1), means = Row(2), deviations = Row(3);
        for (int c = 0; c < _channels; c++)
        {
            var deviation = 1 / Math.Sqrt(variance[c] + epsilon);
            var factor = scale[c] * deviation;
            (a[c], b[c], means[c], deviations[c]) = ((float)factor, (float)(shift[c] - mean[c] * factor), (float)mean[c], (float)deviation);
        }
    }

    /// <summary>[C]: γ / √(variance + ε).</summary>
    public ReadOnlySpan<float> A => Row(0);

    /// <summary>[C].</summary>
    public ReadOnlySpan<float> Mean => Row(2);

    /// <summary>[C]: 1 / √(variance + ε).</summary>
    public ReadOnlySpan<float> Deviation => Row(3);

    /// <summary>Where a, b = β − mean · a, mean and deviation lie, C numbers each; valid while this object lives.</summary>
    public nint Start => Marshal.UnsafeAddrOfPinnedArrayElement(_numbers, 0);

    private Span<float> Row(int row) => _numbers.AsSpan(row * _channels, _channels);
}
