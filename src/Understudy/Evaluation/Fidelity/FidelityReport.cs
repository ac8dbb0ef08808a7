using Understudy.Common;
using Understudy.Evaluation.Numerics;

namespace Understudy.Evaluation.Fidelity;

/// <summary>
/// One score with what real images get against other real images at the same size: the floor, below which (or above which) no
/// stand-in can be expected to go.
/// </summary>
/// <param name="Name">"fd", "kid", "precision", "recall", "density", "coverage" or "vendi".</param>
/// <param name="Value">Mean over the draws.</param>
/// <param name="Range">Least and greatest over the draws; draws share images, so it is narrower than a confidence
/// interval.</param>
/// <param name="Floor">The same of real images against real images that the draw left aside.</param>
/// <param name="LowerIsBetter">Distances; the others are better near their floor from below.</param>
public sealed record FidelityScore(string Name, double Value, Statistics.Interval Range, double Floor,
    Statistics.Interval FloorRange, bool LowerIsBetter)
{
    /// <summary>Value over floor: coverage .8 of the floor passes the usual gate. NaN for a floor of 0 or below.</summary>
    public double OfFloor => Floor > 0 ? Value / Floor : double.NaN;
}

/// <summary>Fidelity and diversity of a synthetic set in one feature space.</summary>
/// <param name="Scores">In a fixed order.</param>
/// <param name="Images">Images of each side per draw: what every score and floor was computed from (Vendi from at most its own
/// limit).</param>
/// <param name="Reals">Distinct real images at hand.</param>
/// <param name="Synthetics">Distinct synthetic images at hand.</param>
/// <param name="RealCopies">Real images left out as exact copies in this feature space.</param>
/// <param name="SyntheticCopies">Synthetic images left out likewise; many mean collapse.</param>
/// <param name="FrechetDimension">Dimensions of the Fréchet distance: the features' own, or principal components; 0 where it was
/// left out.</param>
/// <param name="Notes">What a reader must know beside the numbers.</param>
public sealed record FidelityReport(
    IReadOnlyList<FidelityScore> Scores, int Images, int Draws, int Reals, int Synthetics, int RealCopies, int SyntheticCopies,
    int Dimension, int FrechetDimension, IReadOnlyList<string> Notes)
{
    /// <summary>Fewest images per side that a report is made from.</summary>
    public const int LeastImages = 20;

    /// <exception cref="KeyNotFoundException">No such score; "fd" is left out below 40 images per side.</exception>
    public FidelityScore this[string name] =>
        Scores.FirstOrDefault(s => s.Name == name) ?? throw new KeyNotFoundException($"no score '{name}'");

    /// <param name="real">Real images, such as the judge's part.</param>
    /// <param name="holdout">Real images of a part of their own for the floor; without it, each draw splits
    /// <paramref name="real"/> in two.</param>
    /// <exception cref="ArgumentException">Different dimensions, or too few distinct images.</exception>
    public static FidelityReport Measure(Features real, Features synthetic, FidelityOptions options, Features? holdout = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Features.RequireSameDimension(real, synthetic, nameof(synthetic));
        if (holdout is not null) Features.RequireSameDimension(real, holdout, nameof(holdout));
        Features x = real.Select(real.Distinct()), y = synthetic.Select(synthetic.Distinct()),
            h = holdout?.Select(holdout.Distinct()) ?? x;
        var n = Math.Min(Math.Min(y.Count, options.MaxImages), holdout is null ? x.Count / 2 : Math.Min(x.Count, h.Count));
        if (n < LeastImages)
        {
            throw new ArgumentException($"{x.Count} distinct real{(holdout is null ? "" : $", {h.Count} holdout")} and {y.Count} "
                + "synthetic images are too few: "
                + $"{(holdout is null ? 2 * LeastImages : LeastImages)} and {LeastImages} are the least", nameof(real));
        }
        var supported = FrechetDistance.LargestDimension(n);
        var dimension = real.Dimension <= supported ? real.Dimension : Math.Min(supported, options.FrechetComponents);
        if (dimension < Math.Min(2, real.Dimension)) dimension = 0;
        var pca = dimension > 0 && dimension < real.Dimension ? Pca.Fit(x, dimension) : null;
        var draws = Enumerable.Range(0, options.Draws).Select(r =>
        {
            var order = new KeyedRandom(options.Seed, "fidelity/real", r).Permutation(x.Count);
            var a = x.Select(order[..n]);
            var b = holdout is null ? x.Select(order[n..(2 * n)])
                : h.Select(new KeyedRandom(options.Seed, "fidelity/holdout", r).Permutation(h.Count)[..n]);
            var s = y.Select(new KeyedRandom(options.Seed, "fidelity/synthetic", r).Permutation(y.Count)[..n]);
            return (Value: Scored(a, s, pca, dimension, options), Floor: Scored(a, b, pca, dimension, options));
        }).ToArray();
        var scores = draws[0].Value.Keys.Select(name =>
        {
            double[] values = [.. draws.Select(d => d.Value[name])], floors = [.. draws.Select(d => d.Floor[name])];
            return new FidelityScore(name, values.Average(), new(values.Min(), values.Max()), floors.Average(),
                new(floors.Min(), floors.Max()), name is "fd" or "kid");
        });
        return new([.. scores], n, options.Draws, x.Count, y.Count, real.Count - x.Count, synthetic.Count - y.Count,
            real.Dimension, dimension,
            [.. NotesOn(real, synthetic, x, y, n, dimension, pca)]);
    }

    private static Dictionary<string, double> Scored(Features a, Features b, Pca? pca, int dimension, FidelityOptions options)
    {
        var scores = new Dictionary<string, double>();
        if (dimension > 0)
            scores["fd"] = (pca is null
                ? FrechetDistance.Between(a, b) : FrechetDistance.Between(pca.Transform(a), pca.Transform(b))).Value;
        scores["kid"] = KernelDistance.Unbiased(a, b);
        var near = Neighbourhoods.Between(a, b, options.PrecisionNeighbours, options.CoverageNeighbours);
        (scores["precision"], scores["recall"], scores["density"], scores["coverage"]) =
            (near.Precision, near.Recall, near.Density, near.Coverage);
        var some = Math.Min(options.VendiImages, b.Count);
        scores["vendi"] = VendiScore.Of(some == b.Count ? b : b.Select([.. Enumerable.Range(0, some)]));
        return scores;
    }

    private static IEnumerable<string> NotesOn(Features real, Features synthetic, Features x, Features y, int n, int dimension,
        Pca? pca)
    {
        if (pca is not null)
        {
            yield return FormattableString.Invariant(
                $"fd is taken in {dimension} principal components, which keep {pca.ExplainedShare:P1} of the real images' variance: {n} images do not support {real.Dimension} dimensions");
        }
        if (dimension == 0)
            yield return $"fd is left out: {n} images per side support {FrechetDistance.LargestDimension(n)} dimensions";
        if (y.Count < synthetic.Count)
            yield return $"{synthetic.Count - y.Count} of {synthetic.Count} synthetic images are exact copies of others in these features";
        if (x.Count < real.Count)
            yield return $"{real.Count - x.Count} of {real.Count} real images are exact copies of others in these features";
    }
}
