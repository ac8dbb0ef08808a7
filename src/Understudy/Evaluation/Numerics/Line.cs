using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Understudy.Evaluation.Numerics;

/// <summary>
/// The three loops of dense linear algebra over two rows of one length, four lanes at a time, the same bits everywhere.
/// </summary>
internal static class Line
{
    private const int Lanes = 4;

    /// <summary>Σ a·b.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> s0 = default, s1 = default;
        int k = 0;
        for (; k <= a.Length - 2 * Lanes; k += 2 * Lanes)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.Create(a[k..]), Vector256.Create(b[k..]), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.Create(a[(k + Lanes)..]), Vector256.Create(b[(k + Lanes)..]), s1);
        }
        var v = s0 + s1;
        var sum = (v[0] + v[1]) + (v[2] + v[3]);
        for (; k < a.Length; k++) sum = Math.FusedMultiplyAdd(a[k], b[k], sum);
        return sum;
    }

    /// <summary>y += scale·x.</summary>
    public static void Add(double scale, ReadOnlySpan<double> x, Span<double> y)
    {
        var s = Vector256.Create(scale);
        int k = 0;
        for (; k <= y.Length - Lanes; k += Lanes)
            Vector256.FusedMultiplyAdd(s, Vector256.Create(x[k..]), Vector256.Create<double>(y[k..])).CopyTo(y[k..]);
        for (; k < y.Length; k++) y[k] = Math.FusedMultiplyAdd(scale, x[k], y[k]);
    }

    /// <summary>(x, y) becomes (c·x − s·y, s·x + c·y).</summary>
    public static void Rotate(Span<double> x, Span<double> y, double c, double s)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y[..x.Length]);
        Vector256<double> vc = Vector256.Create(c), vs = Vector256.Create(s);
        int k = 0;
        for (; k <= x.Length - Lanes; k += Lanes)
        {
            Vector256<double> u = Vector256.LoadUnsafe(ref a, (nuint)k), v = Vector256.LoadUnsafe(ref b, (nuint)k);
            Vector256.FusedMultiplyAdd(vc, u, -(vs * v)).StoreUnsafe(ref a, (nuint)k);
            Vector256.FusedMultiplyAdd(vs, u, vc * v).StoreUnsafe(ref b, (nuint)k);
        }
        for (; k < x.Length; k++)
            (x[k], y[k]) = (Math.FusedMultiplyAdd(c, x[k], -(s * y[k])), Math.FusedMultiplyAdd(s, x[k], c * y[k]));
    }
}
