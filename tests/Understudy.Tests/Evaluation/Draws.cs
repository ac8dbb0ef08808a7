using Understudy.Common;
using Understudy.Evaluation;

namespace Understudy.Tests.Evaluation;

/// <summary>Features drawn from known distributions.</summary>
internal static class Draws
{
    public static Features Normal(int count, int dimension, ulong seed, double scale = 1, double shift = 0)
    {
        var random = new KeyedRandom(seed, "tests/normal");
        var values = new float[count * dimension];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(shift + scale * random.Normal());
        return new(values, dimension);
    }

    public static Features Of(int dimension, params float[] values) => new(values, dimension);

    public static Features Join(Features a, Features b)
    {
        var values = new float[(a.Count + b.Count) * a.Dimension];
        for (int i = 0; i < a.Count + b.Count; i++) (i < a.Count ? a[i] : b[i - a.Count]).CopyTo(values.AsSpan(i * a.Dimension));
        return new(values, a.Dimension);
    }

    public static Features Select(Features f, Range range)
    {
        var (start, length) = range.GetOffsetAndLength(f.Count);
        return f.Select([.. Enumerable.Range(start, length)]);
    }

    public static Features Map(Features f, Func<float, int, float> map)
    {
        var values = new float[f.Count * f.Dimension];
        for (int i = 0; i < values.Length; i++) values[i] = map(f[i / f.Dimension][i % f.Dimension], i % f.Dimension);
        return new(values, f.Dimension);
    }
}
