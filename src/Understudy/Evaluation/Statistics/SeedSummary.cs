namespace Understudy.Evaluation.Statistics;

/// <summary>One number over the seeds of an arm: what repeating the training changes.</summary>
/// <param name="Sd">Sample standard deviation (n − 1); null for one seed, where it is unknown, not 0.</param>
public readonly record struct SeedSummary(double Mean, double? Sd, int Seeds)
{
    /// <exception cref="ArgumentException">No value.</exception>
    public static SeedSummary Of(params IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0) throw new ArgumentException("a mean needs at least one seed", nameof(values));
        var mean = values.Average();
        return new(mean, values.Count < 2 ? null : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1)),
            values.Count);
    }

    /// <summary>
    /// One SD for arms that are alike, from all their seeds: the root of Σ(n−1)·sd² / Σ(n−1). Three seeds know their SD within a
    /// factor of two, three seeds of each of many arms far better; and it stands for an arm of one seed as well. Null where none
    /// has two.
    /// </summary>
    public static double? PooledSd(params IReadOnlyList<SeedSummary> arms)
    {
        ArgumentNullException.ThrowIfNull(arms);
        var known = arms.Where(a => a.Sd is not null).ToArray();
        return known.Length == 0
            ? null : Math.Sqrt(known.Sum(a => (a.Seeds - 1) * a.Sd!.Value * a.Sd.Value) / known.Sum(a => a.Seeds - 1));
    }
}
