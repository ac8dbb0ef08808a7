using Understudy.Evaluation.Numerics;

namespace Understudy.Evaluation.Fidelity;

/// <summary>
/// Vendi score (Friedman and Dieng 2023): the effective number of different images, exp(−Σ λ ln λ) over the eigenvalues of the
/// cosine kernel divided by n. n copies of one image give 1, n orthogonal ones n. It needs no reference, and says nothing of
/// realism.
/// </summary>
public static class VendiScore
{
    /// <exception cref="ArgumentException">No image, or one whose features are all 0 and so have no direction.</exception>
    public static double Of(Features features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0) throw new ArgumentException("no image, no diversity", nameof(features));
        var unit = new Matrix(features.Count, features.Dimension);
        for (int i = 0; i < unit.Count; i++)
        {
            var row = unit.Row(i);
            for (int k = 0; k < row.Length; k++) row[k] = features[i][k];
            var length = Math.Sqrt(Line.Dot(row, row));
            if (length == 0)
                throw new ArgumentException($"image {i} has only zeros as features: a cosine needs a direction",
                    nameof(features));
            for (int k = 0; k < row.Length; k++) row[k] /= length;
        }
        // X·Xᵀ and Xᵀ·X share their eigenvalues but for zeros, which add nothing: take the smaller.
        var kernel = features.Count <= features.Dimension ? Pairs.Products(unit, unit) : Gram(unit);
        var values = SymmetricEigen.Of(kernel, vectors: false).Values;
        return Math.Exp(-values.Select(v => v / features.Count).Where(v => v > 0).Sum(v => v * Math.Log(v)));
    }

    private static Matrix Gram(Matrix rows)
    {
        var turned = new Matrix(rows.Dimension, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            for (int k = 0; k < rows.Dimension; k++) turned[k, i] = rows[i, k];
        }
        return Pairs.Products(turned, turned);
    }
}
