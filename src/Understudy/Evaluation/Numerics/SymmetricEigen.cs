namespace Understudy.Evaluation.Numerics;

/// <summary>
/// Eigenvalues and eigenvectors of a real symmetric matrix: Householder reduction to three diagonals, then QL with implicit
/// shifts (Golub and Van Loan, Matrix Computations, §8.3). Written for this: no package, same bits on any number of threads.
/// </summary>
/// <param name="Values">Ascending.</param>
/// <param name="Vectors">Row i is the unit eigenvector of value i; null when only values were asked for.</param>
internal sealed record SymmetricEigen(double[] Values, Matrix? Vectors)
{
    private const int MaxSweeps = 60;
    private const double Epsilon = 1.1e-16;

    /// <param name="matrix">Symmetric; only read.</param>
    public static SymmetricEigen Of(Matrix matrix, bool vectors = true)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = matrix.Count;
        if (n != matrix.Dimension)
            throw new ArgumentException($"a symmetric matrix is square; this is {n}×{matrix.Dimension}", nameof(matrix));
        var a = new Matrix([.. matrix.Values], n);
        double[] diagonal = new double[n], beside = new double[n];
        var z = Tridiagonalize(a, diagonal, beside, vectors);
        Diagonalize(diagonal, beside, z);
        var order = Enumerable.Range(0, n).ToArray();
        Array.Sort(diagonal, order);
        if (z is null) return new(diagonal, null);
        var sorted = new Matrix(n, n);
        for (int i = 0; i < n; i++) z.Row(order[i]).CopyTo(sorted.Row(i));
        return new(diagonal, sorted);
    }

    /// <summary>
    /// A = Q·T·Qᵀ. Step k reflects what lies below the diagonal of column k onto its first entry by H = I − v·vᵀ with |v|² = 2.
    /// Returns Qᵀ.
    /// </summary>
    private static Matrix? Tridiagonalize(Matrix a, double[] diagonal, double[] beside, bool vectors)
    {
        int n = a.Count;
        var p = new double[n];
        for (int k = 0; k < n - 1; k++)
        {
            diagonal[k] = a[k, k];
            var v = a.Row(k)[(k + 1)..];                             // the row serves as the column: the matrix is symmetric
            int m = v.Length;
            double lead = v[0], rest = Line.Dot(v[1..], v[1..]);
            if (rest == 0)
            {
                beside[k] = lead;
                v.Clear();
                continue;
            }
            beside[k] = -Math.CopySign(Math.Sqrt(lead * lead + rest), lead);
            v[0] -= beside[k];
            var scale = Math.Sqrt(2 / Line.Dot(v, v));
            for (int i = 0; i < m; i++) v[i] *= scale;
            // H·B·H = B − v·wᵀ − w·vᵀ with w = B·v − ½(vᵀ·B·v)·v.
            var w = p.AsSpan(0, m);
            for (int i = 0; i < m; i++) w[i] = Line.Dot(a.Row(k + 1 + i)[(k + 1)..], v);
            Line.Add(-Line.Dot(w, v) / 2, v, w);
            for (int i = 0; i < m; i++)
            {
                var row = a.Row(k + 1 + i)[(k + 1)..];
                Line.Add(-v[i], w, row);
                Line.Add(-w[i], v, row);
            }
        }
        if (n > 0) diagonal[n - 1] = a[n - 1, n - 1];
        if (!vectors) return null;
        var q = new Matrix(n, n);
        for (int i = 0; i < n; i++) q[i, i] = 1;
        for (int k = n - 2; k >= 0; k--)
        {
            var v = a.Row(k)[(k + 1)..];
            if (v[0] == 0) continue;                                 // nothing was reflected
            for (int i = k + 1; i < n; i++)
            {
                var row = q.Row(i)[(k + 1)..];
                Line.Add(-Line.Dot(row, v), v, row);
            }
        }
        return q;
    }

    /// <summary>T = U·Λ·Uᵀ: deflates from the top; the rotations of T's columns are rotations of Z's rows.</summary>
    private static void Diagonalize(double[] d, double[] e, Matrix? z)
    {
        double size = 0;
        for (int i = 0; i < d.Length; i++) size = Math.Max(size, Math.Abs(d[i]) + Math.Abs(e[i]));
        var negligible = size * Epsilon;
        for (int first = 0; first < d.Length; first++)
        {
            for (int sweep = 0; ; sweep++)
            {
                int last = first;
                while (last < d.Length - 1 && !(Math.Abs(e[last]) <= negligible)) last++;
                if (last == first) break;
                if (sweep == MaxSweeps)
                    throw new ArithmeticException("eigenvalues did not converge: the matrix holds numbers that are not finite");
                Sweep(d, e, z, first, last);
            }
        }
    }

    /// <summary>One implicit QL step over the block first … last with Wilkinson's shift.</summary>
    private static void Sweep(double[] d, double[] e, Matrix? z, int first, int last)
    {
        var half = (d[first + 1] - d[first]) / (2 * e[first]);
        var g = d[last] - d[first] + e[first] / (half + Math.CopySign(double.Hypot(half, 1), half));
        double s = 1, c = 1, shift = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = s * e[i], b = c * e[i], r = double.Hypot(f, g);
            e[i + 1] = r;
            if (r == 0)                                              // the block splits here: the next look finds it
            {
                d[i + 1] -= shift;
                e[last] = 0;
                return;
            }
            (s, c) = (f / r, g / r);
            g = d[i + 1] - shift;
            r = (d[i] - g) * s + 2 * c * b;
            shift = s * r;
            d[i + 1] = g + shift;
            g = c * r - b;
            if (z is not null) Line.Rotate(z.Row(i), z.Row(i + 1), c, s);
        }
        d[first] -= shift;
        e[first] = g;
        e[last] = 0;
    }
}
