using Understudy.Evaluation.Numerics;

namespace Understudy.Evaluation.Fidelity;

/// <summary>What a look in passing says of one class: cheap enough to be taken while a generator trains.</summary>
/// <param name="Fd">Fréchet distance in the yardstick's principal components; null with fewer than 20 images on a side.</param>
/// <param name="Coverage">Share of real images with a generated one in their 5-NN ball; null with no more than 5 distinct
/// reals.</param>
/// <param name="Spread">Standard deviation of the generated images over that of the reals; null where the reals have
/// none.</param>
/// <param name="Reals">Real images that it was held against.</param>
public sealed record QuickFidelity(double? Fd, double? Coverage, double? Spread, int Reals);

/// <summary>
/// Real images of one class, ready to hold generated ones against. Unlike <see cref="FidelityReport"/> it draws nothing and knows
/// no floor: its numbers compare one run's snapshots with each other, at equal numbers of images, and nothing else.
/// </summary>
public sealed class FidelityYardstick
{
    /// <summary>
    /// Images that are compared in pixels are shrunk to at most so many a side: brightness, pose, coarse shapes; no fine texture.
    /// </summary>
    public const int MostSide = 16;

    /// <summary>The most principal components that anything is compared in.</summary>
    public const int MostComponents = 16;

    private const int Neighbours = 5;
    private readonly Features _real;
    private readonly Pca _pca;
    private readonly double _spread;

    /// <param name="real">The class's real images.</param>
    /// <param name="pca">Fitted on the reals of all classes.</param>
    public FidelityYardstick(Features real, Pca pca)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(pca);
        (_pca, _spread) = (pca, SpreadOf(real));
        _real = pca.Transform(real);
    }

    /// <summary>Images of the class; generate as many.</summary>
    public int Count => _real.Count;

    /// <param name="synthetic">Generated for the class, in the features that the components were fitted in.</param>
    public QuickFidelity Measure(Features synthetic)
    {
        var projected = _pca.Transform(synthetic);
        return new(Fd(projected), Coverage(projected), _spread > 0 ? SpreadOf(synthetic) / _spread : null, Count);
    }

    /// <summary>The leading components that so few images support.</summary>
    private double? Fd(Features synthetic)
    {
        var dimension = Math.Min(_pca.Components, FrechetDistance.LargestDimension(Math.Min(_real.Count, synthetic.Count)));
        return dimension == 0 ? null : FrechetDistance.Between(Leading(_real, dimension), Leading(synthetic, dimension)).Value;
    }

    private double? Coverage(Features synthetic) => _real.Distinct().Length <= Neighbours ? null
        // Hardly a distinct image: nothing to find neighbours among, and next to nothing covered.
        : synthetic.Distinct().Length <= Neighbours ? 0
        : Neighbourhoods.Between(_real, synthetic, coverageNeighbours: Neighbours).Coverage;

    private static Features Leading(Features features, int dimension)
    {
        var values = new float[features.Count * dimension];
        for (int i = 0; i < features.Count; i++) features[i][..dimension].CopyTo(values.AsSpan(i * dimension));
        return new(values, dimension);
    }

    /// <summary>Root of the summed variances: how far images of the class lie from their mean.</summary>
    private static double SpreadOf(Features features)
    {
        if (features.Count < 2) return 0;
        var mean = Moments.MeanOf(features);
        double sum = 0;
        for (int i = 0; i < features.Count; i++)
        {
            var row = features[i];
            for (int k = 0; k < row.Length; k++) sum += (row[k] - mean[k]) * (row[k] - mean[k]);
        }
        return Math.Sqrt(sum / (features.Count - 1));
    }
}
