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
        return new(mean, values.Count < 2 ? null : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1)), values.Count);
    }
}
