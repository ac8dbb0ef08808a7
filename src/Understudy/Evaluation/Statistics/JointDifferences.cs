using Understudy.Common;
using Understudy.Evaluation.Utility;

namespace Understudy.Evaluation.Statistics;

/// <summary>
/// Intervals of many differences from one reference that hold all at once: the single-step max-t bootstrap (Westfall and Young
/// 1993; Romano and Wolf 2005). In every resample each row's distance from its own difference is taken in units of that row's
/// standard error; the level's quantile of the largest says how many standard errors wide all intervals are. So the chance that
/// any row among those that do not differ looks as if it did stays at 1 − level, however many rows there are; and since all rows
/// meet the same resamples, rows that move together cost less than they would by Bonferroni.
/// </summary>
public static class JointDifferences
{
    /// <param name="rows">All on the same images, by the same options; the first is the reference.</param>
    /// <param name="seeds">Trainings of each row.</param>
    /// <param name="seedSd">What training again changes in one training's number (SD). A resample then trains again, too: it
    /// draws a normal deviation of that SD over √seeds for each row. 0: the intervals are about test images alone.</param>
    /// <returns>One interval for each row but the first: symmetric about its difference.</returns>
    /// <exception cref="InvalidDataException">Rows tested on different images.</exception>
    public static IReadOnlyList<Interval> Of(IReadOnlyList<Bootstrap> rows, IReadOnlyList<int> seeds, double seedSd,
        Measure measure)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentOutOfRangeException.ThrowIfNegative(seedSd);
        if (rows.Count != seeds.Count)
            throw new ArgumentException($"{rows.Count} rows, but {seeds.Count} numbers of seeds", nameof(seeds));
        if (rows.Count < 2) return [];
        var options = rows[0].Options;
        var centres = rows.Skip(1).Select(r => r.Point(measure) - rows[0].Point(measure)).ToArray();
        var drawn = rows.Skip(1).Select(r => Bootstrap.Differences(r, rows[0], measure)).ToArray();       // by row, then resample
        for (int b = 0; b < options.Replicates; b++)
        {
            var random = new KeyedRandom(options.Seed, "bootstrap/training", b);
            var again = seeds.Select(n => random.Normal() * seedSd / Math.Sqrt(n)).ToArray();
            for (int j = 0; j < drawn.Length; j++) drawn[j][b] += again[j + 1] - again[0];
        }
        var errors = drawn.Select(d => SeedSummary.Of(d).Sd!.Value).ToArray();
        var largest = Enumerable.Range(0, options.Replicates)
            .Select(b =>
                Enumerable.Range(0, drawn.Length).Where(j => errors[j] > 0)
                    .Select(j => Math.Abs(drawn[j][b] - centres[j]) / errors[j]).DefaultIfEmpty(0).Max())
            .Order().ToArray();
        var width = Bootstrap.Quantile(largest, options.Level);
        return [.. centres.Zip(errors, (c, e) => new Interval(c - width * e, c + width * e))];
    }
}
