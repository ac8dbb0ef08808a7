namespace Understudy.Data;

/// <summary>
/// The one resizer of the project: separable, antialiased triangle filter whose support grows with the reduction (what PIL
/// calls BILINEAR), accumulated in float32, rounded once at the end, half away from zero.
/// </summary>
public static class Resizer
{
    /// <summary>What manifests record, so that a set made by another resizer can be told from one made by this.</summary>
    public const string Name = "triangle-antialias-float32/1";

    /// <summary>All images of a set at another size; ids, labels and parts stay.</summary>
    public static ImageSet Resize(ImageSet set, int height, int width)
    {
        var to = set.Shape with { Height = height, Width = width };
        if (to == set.Shape) return set;
        ImageLimits.RequireFits(set.Count, to);
        var pixels = new byte[(long)set.Count * to.Size];
        var (columns, rows) = (Taps.For(set.Shape.Width, width), Taps.For(set.Shape.Height, height));
        Parallel.For(0, set.Count, i => Resize(set[i], set.Shape, pixels.AsSpan(i * to.Size, to.Size), columns, rows));
        return new(set.Classes, to, [.. set.Ids], [.. set.Labels], pixels, set.Parts is null ? null : [.. set.Parts]);
    }

    /// <summary>
    /// One image, [C, H, W], 0–255, into <paramref name="target"/> [C, <paramref name="height"/>, <paramref name="width"/>].
    /// </summary>
    public static void Resize(ReadOnlySpan<byte> source, ImageShape from, Span<byte> target, int height, int width) =>
        Resize(source, from, target, Taps.For(from.Width, width), Taps.For(from.Height, height));

    private static void Resize(ReadOnlySpan<byte> source, ImageShape from, Span<byte> target, Taps columns, Taps rows)
    {
        int width = columns.Count, height = rows.Count;
        var narrow = new float[from.Height * width];
        for (int c = 0; c < from.Channels; c++)
        {
            for (int y = 0; y < from.Height; y++)
            {
                var line = source.Slice((c * from.Height + y) * from.Width, from.Width);
                for (int x = 0; x < width; x++)
                {
                    var (first, weights) = columns[x];
                    float sum = 0;
                    for (int k = 0; k < weights.Length; k++) sum += weights[k] * line[first + k];
                    narrow[y * width + x] = sum;
                }
            }
            for (int y = 0; y < height; y++)
            {
                var (first, weights) = rows[y];
                for (int x = 0; x < width; x++)
                {
                    float sum = 0;
                    for (int k = 0; k < weights.Length; k++) sum += weights[k] * narrow[(first + k) * width + x];
                    target[(c * height + y) * width + x] =
                        (byte)Math.Clamp(MathF.Round(sum, MidpointRounding.AwayFromZero), 0, 255);
                }
            }
        }
    }

    /// <summary>Which source samples make each target sample, and with which weights (summing to 1).</summary>
    private sealed class Taps
    {
        private readonly int[] _first;
        private readonly float[][] _weights;

        private Taps(int[] first, float[][] weights) => (_first, _weights) = (first, weights);

        public int Count => _first.Length;

        public (int First, float[] Weights) this[int i] => (_first[i], _weights[i]);

        public static Taps For(int from, int to)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(to);
            var first = new int[to];
            var weights = new float[to][];
            var scale = (double)from / to;
            var support = Math.Max(1, scale);
            for (int i = 0; i < to; i++)
            {
                var centre = (i + .5) * scale;
                first[i] = Math.Max(0, (int)(centre - support + .5));
                var w = new double[Math.Min(from, (int)(centre + support + .5)) - first[i]];
                for (int k = 0; k < w.Length; k++) w[k] = Math.Max(0, 1 - Math.Abs((first[i] + k + .5 - centre) / support));
                var sum = w.Sum();
                weights[i] = [.. w.Select(v => (float)(v / sum))];
            }
            return new(first, weights);
        }
    }
}
