using Understudy.Common;
using Understudy.Evaluation.Numerics;
using Understudy.Evaluation.Statistics;

namespace Understudy.Evaluation.Memorisation;

/// <summary>
/// Are synthetic images nearer to the training images than to as many real images that nothing was trained on? Necessary, not
/// sufficient: a set that passes may still give its members away.
/// </summary>
/// <param name="DistanceShare">P(nearer to training) + ½P(equal) of the distance to the closest record (DCR): .5 is ideal, 1 is
/// copying.</param>
/// <param name="DistanceInterval">95 %, over synthetic images with the two real sets as they are.</param>
/// <param name="RatioShare">The same of the ratio of nearest to second nearest distance (NNDR).</param>
/// <param name="ExactCopies">Synthetic images at distance 0 from a training image.</param>
/// <param name="HoldoutExactCopies">Holdout images at distance 0: duplicates in the real data themselves.</param>
/// <param name="NearCopies">Synthetic images within <paramref name="NearDistance"/> of a training image, exact ones among
/// them.</param>
/// <param name="HoldoutNearCopies">Holdout images within it: what likeness among real images alone gives.</param>
/// <param name="HoldoutNearRate">The holdout's rate of near copies with its 95 % Clopper–Pearson interval.</param>
/// <param name="References">Training images, and as many holdout images, that the shares were computed from.</param>
public sealed record CopyDistances(
    double DistanceShare, Interval DistanceInterval, double RatioShare, Interval RatioInterval,
    int ExactCopies, int HoldoutExactCopies, int NearCopies, int HoldoutNearCopies, double NearDistance, Interval HoldoutNearRate,
    int Synthetics, int References, int Trainings, int Holdouts)
{
    /// <summary>Whether near copies are more frequent than the holdout's interval allows.</summary>
    public bool MoreNearCopiesThanHoldout => NearCopies > HoldoutNearRate.High * Synthetics;

    /// <param name="nearDistance">How near is a near copy; by default half the median distance of a training image to its nearest
    /// other.</param>
    /// <param name="seed">Of the draw that makes training and holdout equally many for the shares. Copies are sought among
    /// all.</param>
    /// <exception cref="ArgumentException">Different dimensions, no synthetic image, or fewer than three real images on a
    /// side.</exception>
    public static CopyDistances Measure(Features training, Features holdout, Features synthetic, ulong seed,
        double? nearDistance = null)
    {
        Features.RequireSameDimension(training, holdout, nameof(holdout));
        Features.RequireSameDimension(training, synthetic, nameof(synthetic));
        if (synthetic.Count == 0 || Math.Min(training.Count, holdout.Count) < 3)
            throw new ArgumentException($"{training.Count} training, {holdout.Count} holdout and {synthetic.Count} synthetic "
                + "images: 3, 3 and 1 are the least", nameof(synthetic));
        var near = nearDistance ?? Median(Nearest(Neighbours.Within(training, 1))) / 2;
        if (!(near >= 0)) throw new ArgumentOutOfRangeException(nameof(nearDistance), near, "a distance is 0 or more");
        double[] toTraining = Nearest(Neighbours.Between(synthetic, training, 1)),
            holdoutToTraining = Nearest(Neighbours.Between(holdout, training, 1));
        var n = Math.Min(training.Count, holdout.Count);
        Neighbours a = Neighbours.Between(synthetic, Some(training, n, seed, "training"), 2),
            b = Neighbours.Between(synthetic, Some(holdout, n, seed, "holdout"), 2);
        var (distance, distanceInterval) = Share(synthetic.Count, i => (a.Squared(i, 0), b.Squared(i, 0)));
        var (ratio, ratioInterval) = Share(synthetic.Count, i => (Ratio(a, i), Ratio(b, i)));
        var nearHoldout = holdoutToTraining.Count(d => d <= near);
        return new(distance, distanceInterval, ratio, ratioInterval,
            toTraining.Count(d => d == 0), holdoutToTraining.Count(d => d == 0), toTraining.Count(d => d <= near), nearHoldout,
            near,
            Proportions.ClopperPearson(nearHoldout, holdout.Count), synthetic.Count, n, training.Count, holdout.Count);
    }

    private static Features Some(Features features, int count, ulong seed, string name) =>
        features.Count == count
            ? features : features.Select(new KeyedRandom(seed, $"memorisation/{name}").Permutation(features.Count)[..count]);

    private static double[] Nearest(Neighbours n) => [.. Enumerable.Range(0, n.Count).Select(i => n.Distance(i, 0))];

    // Two copies at distance 0 are as near as one: 0/0 counts as 1, "no nearer than its second".
    private static double Ratio(Neighbours n, int i) => n.Squared(i, 1) == 0 ? 1 : n.Squared(i, 0) / n.Squared(i, 1);

    private static (double Share, Interval Interval) Share(int count, Func<int, (double Training, double Holdout)> of)
    {
        var wins = new double[count];
        for (int i = 0; i < count; i++)
        {
            var (t, h) = of(i);
            wins[i] = t < h ? 1 : t == h ? 0.5 : 0;
        }
        var share = wins.Average();
        // Wilson's interval for whole wins is a little wide for halves, never narrow.
        return (share, Proportions.Wilson((long)Math.Round(share * count), count));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
