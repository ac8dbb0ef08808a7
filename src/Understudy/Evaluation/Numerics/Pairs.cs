using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Understudy.Evaluation.Numerics;

/// <summary>What is summed over the numbers of two rows, four at a time.</summary>
internal interface IPairSum
{
    static abstract Vector256<double> Add(Vector256<double> a, Vector256<double> b, Vector256<double> sum);
}

/// <summary>Σ (a − b)²: exact zero for equal rows, no cancellation for near ones.</summary>
internal readonly struct SquaredDistance : IPairSum
{
    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b, Vector256<double> sum)
    {
        var d = a - b;
        return Vector256.FusedMultiplyAdd(d, d, sum);
    }
}

/// <summary>Σ a·b.</summary>
internal readonly struct DotProduct : IPairSum
{
    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b, Vector256<double> sum) =>
        Vector256.FusedMultiplyAdd(a, b, sum);
}

/// <summary>
/// A sum for every pair of a row here and a row there, by blocked brute force in float64. Always four lanes and fused
/// multiply-add, every pair summed in the same order: the same bits on any processor, for any number of threads, and for
/// (a, b) as for (b, a).
/// </summary>
internal static class Pairs
{
    private const int Lanes = 4, QueryBlock = 32, Tile = 64;

    /// <summary>
    /// Called once per row of the first table, from several threads, with its sums with all rows of the second.
    /// </summary>
    public delegate void RowVisitor(int row, ReadOnlySpan<double> sums);

    public static void Visit<TSum>(IRows queries, IRows references, RowVisitor visit) where TSum : struct, IPairSum
    {
        int d = queries.Dimension, padded = (d + Lanes - 1) / Lanes * Lanes, n = references.Count;
        var width = (n + Tile - 1) / Tile * Tile;
        var blocks = (queries.Count + QueryBlock - 1) / QueryBlock;
        // Zeros fill up dimensions and rows, so that the kernel needs no special cases; what they give is never visited.
        Parallel.For(0, blocks, Workers(blocks),
            () => (Q: new double[QueryBlock * padded], T: new double[Tile * padded], Sums: new double[QueryBlock * width]),
            (block, _, buffers) =>
            {
                int first = block * QueryBlock, rows = Math.Min(QueryBlock, queries.Count - first);
                Fill(queries, first, rows, buffers.Q, padded);
                for (int t = 0; t < n; t += Tile)
                {
                    Fill(references, t, Math.Min(Tile, n - t), buffers.T, padded);
                    for (int i = 0; i < rows; i += 2)
                    {
                        for (int j = 0; j < Tile; j += 4)
                            TwoByFour<TSum>(buffers.Q, i, buffers.T, j, padded, buffers.Sums, width, t);
                    }
                }
                for (int i = 0; i < rows; i++) visit(first + i, buffers.Sums.AsSpan(i * width, n));
                return buffers;
            }, _ => { });
    }

    /// <summary>The table of all dot products: A·Bᵀ for rows of A and rows of B.</summary>
    public static Matrix Products(IRows a, IRows b)
    {
        var product = new Matrix(a.Count, b.Count);
        Visit<DotProduct>(a, b, (row, sums) => sums.CopyTo(product.Row(row)));
        return product;
    }

    internal static ParallelOptions Workers(int pieces) =>
        new() { MaxDegreeOfParallelism = Math.Clamp(pieces, 1, Environment.ProcessorCount) };

    private static void Fill(IRows source, int first, int rows, double[] buffer, int padded)
    {
        Array.Clear(buffer);
        for (int i = 0; i < rows; i++) source.Load(first + i, buffer.AsSpan(i * padded, padded));
    }

    // Eight independent sums at once keep both multiply-add ports busy, and every load serves several of them.
    private static void TwoByFour<TSum>(double[] q, int i, double[] t, int j, int d, double[] sums, int width,
        int offset) where TSum : struct, IPairSum
    {
        ref var a = ref MemoryMarshal.GetArrayDataReference(q);
        ref var b = ref MemoryMarshal.GetArrayDataReference(t);
        nuint a0 = (nuint)(i * d), a1 = a0 + (nuint)d, b0 = (nuint)(j * d), b1 = b0 + (nuint)d, b2 = b1 + (nuint)d, b3 = b2
            + (nuint)d;
        Vector256<double> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default,
            s12 = default, s13 = default;
        for (nuint k = 0; k < (nuint)d; k += Lanes)
        {
            Vector256<double> x0 = Vector256.LoadUnsafe(ref a, a0 + k), x1 = Vector256.LoadUnsafe(ref a, a1 + k);
            var y = Vector256.LoadUnsafe(ref b, b0 + k);
            (s00, s10) = (TSum.Add(x0, y, s00), TSum.Add(x1, y, s10));
            y = Vector256.LoadUnsafe(ref b, b1 + k);
            (s01, s11) = (TSum.Add(x0, y, s01), TSum.Add(x1, y, s11));
            y = Vector256.LoadUnsafe(ref b, b2 + k);
            (s02, s12) = (TSum.Add(x0, y, s02), TSum.Add(x1, y, s12));
            y = Vector256.LoadUnsafe(ref b, b3 + k);
            (s03, s13) = (TSum.Add(x0, y, s03), TSum.Add(x1, y, s13));
        }
        Store(sums.AsSpan(i * width + offset + j, 4), s00, s01, s02, s03);
        Store(sums.AsSpan((i + 1) * width + offset + j, 4), s10, s11, s12, s13);
    }

    private static void Store(Span<double> to, Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d)
    {
        to[0] = Total(a);
        to[1] = Total(b);
        to[2] = Total(c);
        to[3] = Total(d);
    }

    private static double Total(Vector256<double> v) => (v[0] + v[1]) + (v[2] + v[3]);
}
