using Understudy.Evaluation.Fidelity;

namespace Understudy.Training;

/// <summary>How good a generator is at a snapshot, class by class.</summary>
internal sealed record Quality(IReadOnlyList<(string Name, QuickFidelity Fidelity)> Classes)
{
    /// <summary>Mean over the classes that have one; null where none has. What "best" is chosen by: less is better.</summary>
    public double? Fd => Mean(f => f.Fd);

    public double? Coverage => Mean(f => f.Coverage);

    /// <summary>For stats.jsonl: the means, and of several classes each one's own.</summary>
    public IEnumerable<(string Name, double Value)> Values()
    {
        if (Fd is { } fd) yield return ("fd", fd);
        if (Coverage is { } coverage) yield return ("coverage", coverage);
        if (Mean(f => f.Spread) is { } spread) yield return ("spread", spread);
        if (Classes.Count == 1) yield break;
        foreach (var (name, f) in Classes)
        {
            if (f.Fd is { } classFd) yield return ($"fd/{name}", classFd);
            if (f.Coverage is { } classCoverage) yield return ($"coverage/{name}", classCoverage);
            if (f.Spread is { } classSpread) yield return ($"spread/{name}", classSpread);
        }
    }

    private double? Mean(Func<QuickFidelity, double?> of) => Classes.Average(c => of(c.Fidelity));
}
