using Understudy.Common;

namespace Understudy.Evaluation.Numerics;

/// <summary>
/// Principal components: fitted on real images, applied to all. Each axis points where its largest entry (by size; the first of
/// equals) is positive, so that the same data give the same signs everywhere.
/// </summary>
public sealed class Pca
{
    private readonly double[] _mean;
    private readonly Matrix _axes;

    private Pca(double[] mean, Matrix axes, double[] variances, double total) =>
        (_mean, _axes, Variances, ExplainedShare) = (mean, axes, variances, total > 0 ? variances.Sum() / total : 1);

    /// <summary>Variance along each axis (divided by N − 1), largest first.</summary>
    public IReadOnlyList<double> Variances { get; }

    /// <summary>The share of the fitted set's variance that the axes keep, in [0, 1].</summary>
    public double ExplainedShare { get; }

    /// <summary>Numbers per image after the projection.</summary>
    public int Components => _axes.Count;

    /// <param name="features">[N, D]; whichever of D×D and N×N is smaller is decomposed, so that raw pixels do not frighten
    /// it.</param>
    /// <param name="components">From 1 to min(D, N − 1).</param>
    /// <exception cref="OptionException">A number of components that the data do not have.</exception>
    public static Pca Fit(Features features, int components)
    {
        ArgumentNullException.ThrowIfNull(features);
        OptionException.RequireRange("components", components, 1, Math.Min(features.Dimension, features.Count - 1));
        return features.Dimension <= features.Count ? FromCovariance(features, components) : FromProducts(features, components);
    }

    /// <returns>[N, components]: the rows minus the fitted mean, along the axes.</returns>
    public Features Transform(Features features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Dimension != _mean.Length)
            throw new ArgumentException($"fitted on {_mean.Length} numbers per image, applied to {features.Dimension}",
                nameof(features));
        var values = new float[features.Count * Components];
        Pairs.Visit<DotProduct>(new Centred(features, _mean), _axes, (row, sums) =>
        {
            for (int k = 0; k < sums.Length; k++) values[row * Components + k] = (float)sums[k];
        });
        return new(values, Components);
    }

    private static Pca FromCovariance(Features features, int components)
    {
        var moments = Moments.Of(features);
        var eigen = SymmetricEigen.Of(moments.Covariance);
        var axes = new Matrix(components, features.Dimension);
        for (int i = 0; i < components; i++) Orient(eigen.Vectors!.Row(eigen.Values.Length - 1 - i), axes.Row(i));
        return new(moments.Mean, axes, Largest(eigen.Values, components), Trace(eigen.Values));
    }

    // Of X·Xᵀ/(N−1) = U·Λ·Uᵀ the axes are the unit rows of Uᵀ·X.
    private static Pca FromProducts(Features features, int components)
    {
        var mean = Moments.MeanOf(features);
        var rows = new Matrix(features.Count, features.Dimension);
        var centred = new Centred(features, mean);
        for (int i = 0; i < rows.Count; i++) centred.Load(i, rows.Row(i));
        var products = Pairs.Products(rows, rows);
        for (int i = 0; i < products.Values.Length; i++) products.Values[i] /= features.Count - 1;
        var eigen = SymmetricEigen.Of(products);
        var axes = new Matrix(components, features.Dimension);
        for (int i = 0; i < components; i++)
        {
            var axis = new double[features.Dimension];
            var weights = eigen.Vectors!.Row(eigen.Values.Length - 1 - i);
            for (int s = 0; s < rows.Count; s++) Line.Add(weights[s], rows.Row(s), axis);
            var length = Math.Sqrt(Line.Dot(axis, axis));
            for (int k = 0; k < axis.Length; k++) axis[k] = length > 0 ? axis[k] / length : 0;
            Orient(axis, axes.Row(i));
        }
        return new(mean, axes, Largest(eigen.Values, components), Trace(eigen.Values));
    }

    private static void Orient(ReadOnlySpan<double> axis, Span<double> to)
    {
        int largest = 0;
        for (int k = 1; k < axis.Length; k++)
        {
            if (Math.Abs(axis[k]) > Math.Abs(axis[largest])) largest = k;
        }
        var sign = axis[largest] < 0 ? -1 : 1;
        for (int k = 0; k < axis.Length; k++) to[k] = sign * axis[k];
    }

    private static double[] Largest(double[] ascending, int count) =>
        [.. ascending.Reverse().Take(count).Select(v => Math.Max(0, v))];

    private static double Trace(double[] values) => values.Sum(v => Math.Max(0, v));

    private sealed class Centred(Features features, double[] mean) : IRows
    {
        public int Count => features.Count;

        public int Dimension => features.Dimension;

        public void Load(int row, Span<double> destination)
        {
            var source = features[row];
            for (int k = 0; k < source.Length; k++) destination[k] = source[k] - mean[k];
        }
    }
}
