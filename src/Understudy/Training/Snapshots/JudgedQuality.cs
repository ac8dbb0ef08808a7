using Understudy.Evaluation.Fidelity;

namespace Understudy.Training;

/// <summary>A snapshot's images in the eyes of a <see cref="Judge"/>, class by class.</summary>
/// <param name="Classes">Fidelity in the judge's last features; and the share of the class's images, 0 to 1, that the judge takes
/// for it (null for a generator that cannot be asked for a class).</param>
/// <param name="Pooled">As <see cref="Quality.Pooled"/>.</param>
internal sealed record JudgedQuality(
    IReadOnlyList<(string Name, QuickFidelity Fidelity, double? Agreement)> Classes, QuickFidelity? Pooled = null)
{
    /// <summary>Mean over the classes that have one; where none has, that of all together, or null.</summary>
    public double? Fd => Classes.Average(c => c.Fidelity.Fd) ?? Pooled?.Fd;

    public double? Coverage => Classes.Average(c => c.Fidelity.Coverage) ?? Pooled?.Coverage;

    public double? Agreement => Classes.Average(c => c.Agreement);

    /// <summary>For stats.jsonl: the means, and of several classes each one's own.</summary>
    public IEnumerable<(string Name, double Value)> Values()
    {
        if (Fd is { } fd) yield return ("fd", fd);
        if (Coverage is { } coverage) yield return ("coverage", coverage);
        if (Agreement is { } agreement) yield return ("agreement", agreement);
        var groups = Pooled is null ? Classes : [.. Classes, (Quality.PoolName, Pooled, null)];
        foreach (var (name, f, own) in Classes.Count == 1 ? [] : groups)
        {
            if (f.Fd is { } classFd) yield return ($"fd/{name}", classFd);
            if (f.Coverage is { } classCoverage) yield return ($"coverage/{name}", classCoverage);
            if (own is { } classAgreement) yield return ($"agreement/{name}", classAgreement);
        }
    }

    /// <summary>For the line on the screen: "judge FD 3.21, agrees 87 %".</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        Fd is { } fd ? FormattableString.Invariant($"judge FD {fd:0.00}") : null,
        Agreement is { } agreement
            ? FormattableString.Invariant($"{(Fd is null ? "judge " : "")}agrees {100 * agreement:0} %") : null,
    }.OfType<string>());
}
