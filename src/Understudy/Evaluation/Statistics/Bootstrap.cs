using Understudy.Common;
using Understudy.Evaluation.Utility;

namespace Understudy.Evaluation.Statistics;

/// <summary>
/// The percentile bootstrap (Efron 1979) over test images: how the table's numbers would move had other images been drawn for
/// the test. Each replicate draws images (or whole clusters of them) with replacement and scores every seed of an arm on that
/// draw; the arm's number is the mean over its seeds. Draws depend on the option's seed and on the ids only, so two arms tested
/// on the same images meet the same draws, and their difference is paired.
/// </summary>
public sealed class Bootstrap
{
    private static readonly int Measures = Enum.GetValues<Measure>().Length;
    private readonly BootstrapOptions _options;
    private readonly Predictions _test;
    private readonly double[] _points;
    private readonly double[][] _replicates;        // by measure, then replicate

    private Bootstrap(BootstrapOptions options, Predictions test, double[] points, double[][] replicates) =>
        (_options, _test, _points, _replicates) = (options, test, points, replicates);

    /// <param name="seeds">One or more tests on the same images: an arm's classifiers, one per seed.</param>
    /// <param name="clusters">Image id → cluster (duplicates, one person's images), resampled together; an id not in it stands
    /// alone.</param>
    /// <exception cref="InvalidDataException">No test, or tests on different images.</exception>
    public static Bootstrap Of(
        IReadOnlyList<Predictions> seeds, BootstrapOptions options, IReadOnlyDictionary<string, string>? clusters = null)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (seeds.Count == 0 || seeds[0].Count == 0)
            throw new InvalidDataException("nothing to resample: no predictions, or none in them");
        var sorted = seeds.Select(TestOrder.Sorted).ToArray();
        foreach (var other in sorted.Skip(1)) TestOrder.RequireSame(sorted[0], other);
        var scorers = sorted.Select(p => new ResampledScorer(p)).ToArray();
        var groups = Groups(sorted[0].Ids, clusters);
        var weights = new int[sorted[0].Count];
        Array.Fill(weights, 1);
        var points = Mean(scorers, weights);
        var replicates = Enumerable.Range(0, Measures).Select(_ => new double[options.Replicates]).ToArray();
        for (int b = 0; b < options.Replicates; b++)
        {
            Array.Clear(weights);
            var random = new KeyedRandom(options.Seed, "bootstrap", b);
            for (int draw = 0; draw < groups.Length; draw++)
            {
                foreach (var image in groups[random.Next(groups.Length)]) weights[image]++;
            }
            var values = Mean(scorers, weights);
            for (int m = 0; m < Measures; m++) replicates[m][b] = values[m];
        }
        return new(options, sorted[0], points, replicates);
    }

    /// <summary>The number itself: the mean over seeds, on the test set as it is.</summary>
    public double Point(Measure measure) => _points[(int)measure];

    public Interval Interval(Measure measure) => Percentiles(_replicates[(int)measure], _options.Level);

    /// <summary>The interval of (first − second), both scored on the same draws.</summary>
    /// <exception cref="InvalidDataException">The two were tested on different images.</exception>
    public static Interval Difference(Bootstrap first, Bootstrap second, Measure measure)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Percentiles(Differences(first, second, measure), first._options.Level);
    }

    internal BootstrapOptions Options => _options;

    /// <summary>(first − second) of every resample.</summary>
    internal static double[] Differences(Bootstrap first, Bootstrap second, Measure measure)
    {
        TestOrder.RequireSame(first._test, second._test);
        if (first._options != second._options)
            throw new ArgumentException("two bootstraps can be paired only when their options are the same", nameof(second));
        return [.. first._replicates[(int)measure].Zip(second._replicates[(int)measure], (x, y) => x - y)];
    }

    /// <summary>
    /// Linear interpolation between order statistics (Hyndman and Fan's type 7); replicates without a value are left out.
    /// </summary>
    internal static Interval Percentiles(double[] values, double level)
    {
        var sorted = values.Where(v => !double.IsNaN(v)).Order().ToArray();
        return sorted.Length == 0
            ? new(double.NaN, double.NaN) : new(Quantile(sorted, (1 - level) / 2), Quantile(sorted, 1 - (1 - level) / 2));
    }

    internal static double Quantile(double[] sorted, double q)
    {
        var place = q * (sorted.Length - 1);
        var below = Math.Min((int)place, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }

    private static double[] Mean(ResampledScorer[] scorers, int[] weights)
    {
        var sum = new double[Measures];
        foreach (var scorer in scorers) scorer.Add(weights, sum);
        for (int m = 0; m < Measures; m++) sum[m] /= scorers.Length;
        return sum;
    }

    private static int[][] Groups(IReadOnlyList<string> ids, IReadOnlyDictionary<string, string>? clusters) =>
        clusters is null
            ? [.. Enumerable.Range(0, ids.Count).Select(i => new[] { i })]
            : [.. Enumerable.Range(0, ids.Count)
                .GroupBy(i => clusters.TryGetValue(ids[i], out var c) ? (true, c) : (false, ids[i]))
                .Select(g => g.ToArray())];
}
