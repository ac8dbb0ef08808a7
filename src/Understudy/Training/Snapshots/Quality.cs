using Understudy.Evaluation.Fidelity;

namespace Understudy.Training;

/// <summary>
/// How good a generator is at a snapshot, class by class: in pixels, and in the features of a judge where the run has one.
/// </summary>
/// <param name="Pooled">All classes as one, where they are too small to be measured by themselves; else null.</param>
internal sealed record Quality(
    IReadOnlyList<(string Name, QuickFidelity Fidelity)> Classes, JudgedQuality? Judged = null, QuickFidelity? Pooled = null)
{
    /// <summary>What <see cref="Pooled"/> is called.</summary>
    public const string PoolName = "all classes";

    /// <summary>Of the one group of a generator that learns no classes.</summary>
    public const string WholeName = "all";

    /// <summary>What may collapse or lose its variety: every class, and all together where they are measured so.</summary>
    public IReadOnlyList<(string Name, QuickFidelity Fidelity)> Groups =>
        Pooled is null ? Classes : [.. Classes, (PoolName, Pooled)];

    /// <summary>
    /// What "best" is chosen by: less is better. A judge's FD where there is a judge, never the pixels' in its place
    /// (docs/adr/0009).
    /// </summary>
    public double? Deciding => Judged is null ? Fd : Judged.Fd;

    /// <summary>Mean over the classes that have one; where none has, that of all together, or null.</summary>
    public double? Fd => Mean(f => f.Fd);

    public double? Coverage => Mean(f => f.Coverage);

    /// <summary>For stats.jsonl: the means, and of several classes each one's own.</summary>
    public IEnumerable<(string Name, double Value)> Values()
    {
        if (Fd is { } fd) yield return ("fd", fd);
        if (Coverage is { } coverage) yield return ("coverage", coverage);
        if (Mean(f => f.Spread) is { } spread) yield return ("spread", spread);
        foreach (var (name, f) in Classes.Count == 1 ? [] : Groups)
        {
            if (f.Fd is { } classFd) yield return ($"fd/{name}", classFd);
            if (f.Coverage is { } classCoverage) yield return ($"coverage/{name}", classCoverage);
            if (f.Spread is { } classSpread) yield return ($"spread/{name}", classSpread);
        }
        foreach (var (name, value) in Judged?.Values() ?? []) yield return ("judge/" + name, value);
    }

    private double? Mean(Func<QuickFidelity, double?> of) =>
        Classes.Average(c => of(c.Fidelity)) ?? (Pooled is null ? null : of(Pooled));
}
