namespace Understudy.Data;

/// <summary>
/// Every image reduced to 16×16 by area, grey, its mean taken off, to unit length, and turned by an orthonormal cosine transform
/// (which changes no correlation): the energy of a photograph then sits in the first few numbers, and a mirror image differs by
/// signs alone.
/// </summary>
/// <remarks>
/// Layout of a row of <see cref="Values"/>: [even lead (15), tail norm, odd lead (16) | even rest, odd rest]. By Cauchy–Schwarz
/// the lead's product plus the product of the tails' norms bounds the whole product, so 32 numbers rule most pairs out.
/// </remarks>
internal sealed class FrequencyPrints
{
    public const int Side = 16, Length = Side * Side, Lead = 32, HalfLead = 16;

    /// <summary>Where the odd coefficients of the rest begin; before it lie the even ones.</summary>
    public const int OddRest = Lead + (Length / 2 - HalfLead), Stride = Length;

    private static readonly (int Y, int X)[] Order = MakeOrder();
    private static readonly float[] Cosines = MakeCosines();

    private FrequencyPrints(float[] values, bool[] flat) => (Values, Flat) = (values, flat);

    /// <summary>[N, 256].</summary>
    public float[] Values { get; }

    /// <summary>Images of one level all over, which correlate with nothing.</summary>
    public bool[] Flat { get; }

    public static FrequencyPrints Of(ImageSet set)
    {
        var values = new float[(long)set.Count * Stride];
        var flat = new bool[set.Count];
        var (rows, columns) = (Area.For(set.Shape.Height), Area.For(set.Shape.Width));
        Parallel.For(0, set.Count, () => (new float[Length], new float[Length]), (i, _, buffers) =>
        {
            var (small, scratch) = buffers;
            Reduce(set[i], set.Shape, rows, columns, small);
            flat[i] = !Normalise(small);
            Transform(small, scratch);
            Arrange(small, values.AsSpan(i * Stride, Stride));
            return buffers;
        }, _ => { });
        return new(values, flat);
    }

    /// <summary>
    /// The image's mean over each of 16×16 equal rectangles (over channels too); partly covered pixels count in part.
    /// </summary>
    internal static void Reduce(ReadOnlySpan<byte> image, ImageShape shape, Area rows, Area columns, Span<float> to)
    {
        Span<float> line = stackalloc float[Side];
        to.Clear();
        for (int c = 0; c < shape.Channels; c++)
        {
            var weight = shape.Channels == 1 ? 1f : c switch { 0 => .299f, 1 => .587f, _ => .114f };
            for (int y = 0; y < shape.Height; y++)
            {
                var source = image.Slice((c * shape.Height + y) * shape.Width, shape.Width);
                line.Clear();
                foreach (var (x, cell, share) in columns.Shares) line[cell] += share * source[x];
                for (int k = rows.Start[y]; k < rows.Start[y + 1]; k++)
                {
                    var (_, cell, share) = rows.Shares[k];
                    for (int x = 0; x < Side; x++) to[cell * Side + x] += weight * share * line[x];
                }
            }
        }
    }

    private static bool Normalise(Span<float> v)
    {
        double mean = 0, square = 0;
        foreach (var x in v) mean += x;
        mean /= v.Length;
        foreach (var x in v) square += (x - mean) * (x - mean);
        if (square < 1e-3) { v.Clear(); return false; }
        var scale = 1 / Math.Sqrt(square);
        for (int i = 0; i < v.Length; i++) v[i] = (float)((v[i] - mean) * scale);
        return true;
    }

    /// <summary>The orthonormal two-dimensional DCT-II, in place.</summary>
    private static void Transform(Span<float> v, Span<float> scratch)
    {
        for (int pass = 0; pass < 2; pass++)   // rows into columns, twice
        {
            for (int y = 0; y < Side; y++)
            {
                for (int k = 0; k < Side; k++)
                {
                    float sum = 0;
                    for (int x = 0; x < Side; x++) sum += Cosines[k * Side + x] * v[y * Side + x];
                    scratch[k * Side + y] = sum;
                }
            }
            scratch.CopyTo(v);
        }
    }

    private static void Arrange(ReadOnlySpan<float> coefficients, Span<float> to)
    {
        double tail = 0;
        for (int k = 0; k < Length; k++)
        {
            if (k == HalfLead - 1) continue;   // the place of the tail's norm
            var (y, x) = Order[k];
            to[k] = coefficients[y * Side + x];
            if (k >= Lead) tail += to[k] * to[k];
        }
        to[HalfLead - 1] = (float)Math.Sqrt(tail);
    }

    /// <summary>
    /// Low frequencies first, even and odd horizontal frequency apart; the constant one, which is 0, gives its place away.
    /// </summary>
    private static (int Y, int X)[] MakeOrder()
    {
        var all = Enumerable.Range(0, Length).Select(k => (Y: k / Side, X: k % Side)).OrderBy(p => p.Y * p.Y + p.X * p.X)
            .ThenBy(p => p.Y).ToList();
        var even = all.Where(p => p.X % 2 == 0 && p != (0, 0)).ToList();
        var odd = all.Where(p => p.X % 2 == 1).ToList();
        return [.. even.Take(HalfLead - 1), (0, 0), .. odd.Take(HalfLead), .. even.Skip(HalfLead - 1), .. odd.Skip(HalfLead)];
    }

    private static float[] MakeCosines()
    {
        var c = new float[Length];
        for (int k = 0; k < Side; k++)
        {
            for (int x = 0; x < Side; x++)
                c[k * Side + x] = (float)(Math.Sqrt((k == 0 ? 1.0 : 2.0) / Side) * Math.Cos(Math.PI * (x + .5) * k / Side));
        }
        return c;
    }
}

/// <summary>How much of each of 16 cells each of <c>size</c> samples covers; the shares of a cell sum to 1.</summary>
internal sealed record Area((int Sample, int Cell, float Share)[] Shares, int[] Start)
{
    public static Area For(int size)
    {
        var shares = new List<(int, int, float)>();
        var start = new int[size + 1];
        for (int s = 0; s < size; s++)
        {
            start[s] = shares.Count;
            for (int cell = s * FrequencyPrints.Side / size; cell * size < (s + 1) * FrequencyPrints.Side; cell++)
            {
                // Overlap of sample [s, s+1) with cell [cell, cell+1)·size/16, in sixteenths of a sample.
                var overlap = Math.Min((s + 1) * FrequencyPrints.Side, (cell + 1) * size)
                    - Math.Max(s * FrequencyPrints.Side, cell * size);
                if (overlap > 0) shares.Add((s, cell, (float)overlap / size));
            }
        }
        start[size] = shares.Count;
        return new([.. shares], start);
    }
}
