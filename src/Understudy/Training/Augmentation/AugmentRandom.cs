using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Training.Augmentation;

/// <summary>
/// Where the transforms' parameters come from: a keyed random sequence, or, to compare with another implementation, one
/// percentile in place of every draw. The same numbers are used up whether a transform happens or not.
/// </summary>
internal sealed class AugmentRandom
{
    private readonly KeyedRandom? _random;
    private readonly double _p;
    private readonly double _percentile;

    /// <param name="p">The controller's probability, 0 to 1.</param>
    public AugmentRandom(KeyedRandom random, double p) => (_random, _p) = (random, p);

    private AugmentRandom(double percentile) => (_percentile, _p) = (percentile, 1);

    /// <summary>Everything happens, with the value at this percentile of its distribution.</summary>
    public static AugmentRandom AtPercentile(double percentile) => new(percentile);

    /// <summary>Whether a transform happens to this image.</summary>
    public bool Happens(double multiplier) => _random is null || _random.Uniform() < Math.Min(multiplier * _p, 1);

    /// <summary>Whether one of two rotations happens, so that at least one does with probability multiplier · p.</summary>
    public bool Rotates(double multiplier, bool second)
    {
        if (_random is null) return !second;
        return _random.Uniform() < 1 - Math.Sqrt(Math.Clamp(1 - multiplier * _p, 0, 1));
    }

    /// <summary>The value where the transform happens, else nothing; both have been drawn.</summary>
    public static T? When<T>(bool happens, T value) where T : struct => happens ? value : null;

    public double Uniform(double min, double max) => min + (max - min) * Unit();

    public int Below(int count) => Math.Min((int)(Unit() * count), count - 1);

    public double Normal(double deviation) => deviation * (_random?.Normal() ?? InverseErf(2 * _percentile - 1));

    /// <summary>2^N(0, deviation²).</summary>
    public double LogNormal(double deviation) => Math.Pow(2, Normal(deviation));

    /// <summary>Uniform in −π to π.</summary>
    public double Angle() => Uniform(-Math.PI, Math.PI);

    /// <summary>|N(0, deviation²)|.</summary>
    public double HalfNormal(double deviation) =>
        deviation * (_random is null ? InverseErf(_percentile) : Math.Abs(_random.Normal()));

    /// <summary>A seed for a whole tensor of draws.</summary>
    public ulong Seed() => _random?.NextUInt64() ?? 0;

    private double Unit() => _random?.Uniform() ?? _percentile;

    private static double InverseErf(double x)
    {
        using var t = tensor(x, dtype: ScalarType.Float64);
        using var y = t.erfinv();
        return y.item<double>();
    }
}
