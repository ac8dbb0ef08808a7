using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Understudy.Evaluation.Numerics;

/// <summary>Mean and covariance (divided by N − 1) of the rows, in float64 around the mean.</summary>
internal sealed record Moments(double[] Mean, Matrix Covariance, int Count)
{
    private const int Chunk = 256, Lanes = 4;

    /// <exception cref="ArgumentException">Fewer than two rows.</exception>
    public static Moments Of(IRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count < 2)
            throw new ArgumentException($"a covariance needs at least two images; this set has {rows.Count}", nameof(rows));
        int d = rows.Dimension, padded = (d + Lanes - 1) / Lanes * Lanes;
        var mean = MeanOf(rows);
        var sums = new double[d * padded];
        var centred = new double[Chunk * padded];
        for (int first = 0; first < rows.Count; first += Chunk)
        {
            var count = Math.Min(Chunk, rows.Count - first);
            Array.Clear(centred);
            for (int s = 0; s < count; s++)
            {
                var row = centred.AsSpan(s * padded, padded);
                rows.Load(first + s, row);
                for (int k = 0; k < d; k++) row[k] -= mean[k];
            }
            // Every row of the result is one thread's, and adds the images in their order: no number depends on the threads.
            const int Rows = 16;
            var blocks = (d + Rows - 1) / Rows;
            Parallel.For(0, blocks, Pairs.Workers(d < 64 ? 1 : blocks), block =>
            {
                for (int i = block * Rows; i < Math.Min(d, (block + 1) * Rows); i++) Accumulate(centred, count, padded, i, sums);
            });
        }
        var covariance = new Matrix(d, d);
        for (int i = 0; i < d; i++)
        {
            for (int j = i; j < d; j++) covariance[i, j] = covariance[j, i] = sums[i * padded + j] / (rows.Count - 1);
        }
        return new(mean, covariance, rows.Count);
    }

    internal static double[] MeanOf(IRows rows)
    {
        var mean = new double[rows.Dimension];
        var row = new double[rows.Dimension];
        for (int s = 0; s < rows.Count; s++)
        {
            rows.Load(s, row);
            for (int k = 0; k < mean.Length; k++) mean[k] += row[k];
        }
        for (int k = 0; k < mean.Length; k++) mean[k] /= rows.Count;
        return mean;
    }

    /// <summary>
    /// Adds Σ x_i·x_j over the chunk to the columns j ≥ i of row i, four images per pass; rows beyond the count are 0.
    /// </summary>
    private static void Accumulate(double[] centred, int count, int d, int i, double[] sums)
    {
        ref var x = ref MemoryMarshal.GetArrayDataReference(centred);
        ref var c = ref MemoryMarshal.GetArrayDataReference(sums);
        nuint start = (nuint)(i / Lanes * Lanes), end = (nuint)d, to = (nuint)(i * d);
        for (int s = 0; s < count; s += 4)
        {
            nuint r0 = (nuint)(s * d), r1 = r0 + end, r2 = r1 + end, r3 = r2 + end;
            Vector256<double> a0 = At(i, s), a1 = At(i, s + 1), a2 = At(i, s + 2), a3 = At(i, s + 3);
            for (var j = start; j < end; j += Lanes)
            {
                var sum = Vector256.LoadUnsafe(ref c, to + j);
                sum = Vector256.FusedMultiplyAdd(a0, Vector256.LoadUnsafe(ref x, r0 + j), sum);
                sum = Vector256.FusedMultiplyAdd(a1, Vector256.LoadUnsafe(ref x, r1 + j), sum);
                sum = Vector256.FusedMultiplyAdd(a2, Vector256.LoadUnsafe(ref x, r2 + j), sum);
                sum = Vector256.FusedMultiplyAdd(a3, Vector256.LoadUnsafe(ref x, r3 + j), sum);
                sum.StoreUnsafe(ref c, to + j);
            }
        }

        Vector256<double> At(int column, int row) => Vector256.Create(centred[row * d + column]);
    }
}
