using Understudy.Evaluation.Numerics;

namespace Understudy.Evaluation.Fidelity;

/// <summary>
/// Fréchet distance between two sets of features, each taken as a Gaussian (Dowson and Landau 1982; Heusel et al. 2017):
/// ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½). It is an FID only in Inception's features; elsewhere it is FD in the features it was
/// taken in. It falls with more images even between equal distributions, so compare at equal sizes and with the floor.
/// </summary>
/// <param name="MeanTerm">‖μ₁ − μ₂‖².</param>
/// <param name="CovarianceTerm">What the covariances add, never below 0.</param>
public readonly record struct FrechetDistance(double MeanTerm, double CovarianceTerm, int Dimension, int Reals, int Synthetics)
{
    /// <summary>Images needed per number of a feature: with fewer, the covariance is mostly noise.</summary>
    public const int ImagesPerDimension = 20;

    public double Value => MeanTerm + CovarianceTerm;

    /// <summary>The largest dimension that this many images support.</summary>
    public static int LargestDimension(int images) => images / ImagesPerDimension;

    /// <exception cref="ArgumentException">Different dimensions, or fewer than 20 images per dimension on either
    /// side.</exception>
    public static FrechetDistance Between(Features real, Features synthetic)
    {
        Features.RequireSameDimension(real, synthetic, nameof(synthetic));
        var least = Math.Min(real.Count, synthetic.Count);
        if (real.Dimension > LargestDimension(least))
        {
            throw new ArgumentException($"a Fréchet distance in {real.Dimension} dimensions needs "
                + $"{ImagesPerDimension * real.Dimension} images on each side and has {least}: "
                + $"project to {LargestDimension(least)} or fewer principal components first, or use the kernel distance",
                    nameof(real));
        }
        return Between(Moments.Of(real), Moments.Of(synthetic));
    }

    /// <summary>
    /// The eigenvalues of Σ₁^½·Σ₂·Σ₁^½, which is symmetric and not negative, are those of Σ₁Σ₂: the trace of the root is the sum
    /// of their roots, with no root of an unsymmetric matrix and no imaginary rest.
    /// </summary>
    internal static FrechetDistance Between(Moments a, Moments b)
    {
        double mean = 0;
        for (int k = 0; k < a.Mean.Length; k++) mean += (a.Mean[k] - b.Mean[k]) * (a.Mean[k] - b.Mean[k]);
        var root = Root(a.Covariance);
        var inner = Pairs.Products(Pairs.Products(root, b.Covariance), root).Symmetrize();
        var overlap = SymmetricEigen.Of(inner, vectors: false).Values.Sum(v => Math.Sqrt(Math.Max(0, v)));
        var covariance = Math.Max(0, Trace(a.Covariance) + Trace(b.Covariance) - 2 * overlap);
        return new(mean, covariance, a.Mean.Length, a.Count, b.Count);
    }

    private static Matrix Root(Matrix covariance)
    {
        var eigen = SymmetricEigen.Of(covariance);
        var n = covariance.Count;
        // Columns scaled by λ^¼: S·Sᵀ = V·Λ^½·Vᵀ, symmetric by construction.
        var scaled = new Matrix(n, n);
        for (int i = 0; i < n; i++)
        {
            var quarter = Math.Sqrt(Math.Sqrt(Math.Max(0, eigen.Values[i])));
            for (int k = 0; k < n; k++) scaled[k, i] = quarter * eigen.Vectors![i, k];
        }
        return Pairs.Products(scaled, scaled);
    }

    private static double Trace(Matrix m)
    {
        double sum = 0;
        for (int i = 0; i < m.Count; i++) sum += m[i, i];
        return sum;
    }
}
