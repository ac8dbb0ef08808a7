using Understudy.Evaluation.Numerics;

namespace Understudy.Evaluation.Memorisation;

/// <summary>One cell of <see cref="CopyingTest"/>.</summary>
/// <param name="Z">Negative: synthetic images lie nearer to training images than holdout images do. Null where either is
/// missing.</param>
/// <param name="SizeFree">U/(nm), the chance that a synthetic image lies farther than a holdout one, ties half; .5 is
/// ideal.</param>
public sealed record CopyingCell(int Trainings, int Holdouts, int Synthetics, double? Z, double? SizeFree);

/// <summary>
/// C_T, the data-copying test of Meehan, Chaudhuri and Dasgupta (2020): in each k-means cell of the training images, the
/// Mann–Whitney Z of the distances to the nearest training image, synthetic against holdout; then their mean weighted by the
/// holdout's images. About standard normal without copying; −3 and below is copying, well above 3 is under-fitting. It grows with
/// the number of images, so the size-free chance stands beside it.
/// </summary>
/// <param name="Value">C_T over the cells that have both kinds of images.</param>
/// <param name="SizeFree">U/(nm) averaged with the same weights.</param>
/// <param name="Components">Principal components in which all this was done; the features' own dimension where no more.</param>
public sealed record CopyingTest(double Value, double SizeFree, IReadOnlyList<CopyingCell> Cells, int Components, int Trainings,
    int Holdouts, int Synthetics)
{
    /// <exception cref="ArgumentException">Different dimensions, fewer training images than cells, or no cell with both kinds of
    /// images.</exception>
    public static CopyingTest Measure(Features training, Features holdout, Features synthetic, ulong seed, int cells = 3,
        int components = 64)
    {
        Features.RequireSameDimension(training, holdout, nameof(holdout));
        Features.RequireSameDimension(training, synthetic, nameof(synthetic));
        if (training.Dimension > components && training.Count > components)
        {
            var pca = Pca.Fit(training, components);
            (training, holdout, synthetic) = (pca.Transform(training), pca.Transform(holdout), pca.Transform(synthetic));
        }
        var centres = KMeans.Fit(training, cells, seed);
        int[] cellOfHoldout = KMeans.Assign(holdout, centres), cellOfSynthetic = KMeans.Assign(synthetic, centres),
            cellOfTraining = KMeans.Assign(training, centres);
        Neighbours h = Neighbours.Between(holdout, training, 1), s = Neighbours.Between(synthetic, training, 1);
        CopyingCell[] all = [.. Enumerable.Range(0, cells).Select(c =>
        {
            double[] near = [.. In(cellOfSynthetic, c).Select(i => s.Squared(i, 0))],
                fresh = [.. In(cellOfHoldout, c).Select(i => h.Squared(i, 0))];
            var test = near.Length > 0 && fresh.Length > 0 ? MannWhitney.Of(near, fresh) : (MannWhitney?)null;
            return new CopyingCell(In(cellOfTraining, c).Count(), fresh.Length, near.Length, test?.Z, test?.SizeFree);
        })];
        CopyingCell[] usable = [.. all.Where(c => c.Z is not null)];
        if (usable.Length == 0)
            throw new ArgumentException("no cell of the training images holds both holdout and synthetic images: they are not "
                + "alike enough to compare", nameof(synthetic));
        double weight = usable.Sum(c => c.Holdouts);
        return new(usable.Sum(c => c.Holdouts * c.Z!.Value) / weight, usable.Sum(c => c.Holdouts * c.SizeFree!.Value) / weight,
            all,
            training.Dimension, training.Count, holdout.Count, synthetic.Count);
    }

    private static IEnumerable<int> In(int[] cells, int cell) => Enumerable.Range(0, cells.Length).Where(i => cells[i] == cell);
}
