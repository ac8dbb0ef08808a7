namespace Understudy.Networks.Ops.Kernels;

/// <summary>What batch norm does to each channel, x · a + b, and the statistics it comes from.</summary>
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
        _numbers = new float[3 * _channels];
        Deviation = new double[_channels];
        for (int c = 0; c < _channels; c++)
        {
            Deviation[c] = 1 / Math.Sqrt(variance[c] + epsilon);
            var a = scale[c] * Deviation[c];
            (_numbers[c], _numbers[_channels + c], _numbers[2 * _channels + c]) =
                ((float)a, (float)(shift[c] - mean[c] * a), (float)mean[c]);
        }
    }

    /// <summary>[C]: 1 / √(variance + ε).</summary>
    public double[] Deviation { get; }

    /// <summary>For <c>fixed</c>: where <see cref="NormRows"/> begin.</summary>
    public ref float GetPinnableReference() => ref _numbers[0];

    /// <param name="start">Where this line is pinned.</param>
    public unsafe NormRows Rows(float* start) => new((nint)start, _channels);
}

/// <summary>A <see cref="NormLine"/> as kernels see it, [C] each; valid while it is pinned.</summary>
internal readonly unsafe struct NormRows(nint start, int channels)
{
    /// <summary>γ / √(variance + ε).</summary>
    public float* A => (float*)start;

    /// <summary>β − mean · a.</summary>
    public float* B => A + channels;

    public float* Mean => B + channels;
}
