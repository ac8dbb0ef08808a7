using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Reporting;

/// <summary>One number of one arm.</summary>
/// <param name="Seeds">Mean and SD over seeds: what repeating the training changes.</param>
/// <param name="Interval">Bootstrap interval of that mean over test images: what drawing another test set would change.</param>
public sealed record MeasureSummary(Measure Measure, SeedSummary Seeds, Interval Interval);

/// <summary>An arm's numbers.</summary>
/// <param name="PerSeed">In the order of the arm's runs.</param>
/// <param name="Measures">In the order of <see cref="Measure"/>.</param>
/// <param name="Confusion">Summed over seeds.</param>
/// <param name="PerClass">Means over seeds, in class order.</param>
public sealed record ArmScores(
    ArmResult Arm, IReadOnlyList<Scores> PerSeed, IReadOnlyList<MeasureSummary> Measures, ConfusionMatrix Confusion,
    IReadOnlyList<ClassSummary> PerClass)
{
    public MeasureSummary this[Measure measure] => Measures[(int)measure];

    /// <summary>Mean over seeds of a number that has no interval of its own: weighted averages, NLL, ECE.</summary>
    public SeedSummary Over(Func<Scores, double> number) => SeedSummary.Of([.. PerSeed.Select(number)]);

    /// <summary>Mean over seeds.</summary>
    internal double Accuracy => this[Measure.Accuracy].Seeds.Mean;

    /// <summary>Nats; its mean over seeds, and their SD.</summary>
    public SeedSummary Nll => Over(s => s.Nll);

    internal static ArmScores Of(ArmResult arm, Bootstrap bootstrap)
    {
        // In one order, so that even the last bit of a sum does not depend on the order of rows.
        var scores = arm.Runs.Select(r => Scores.From(TestOrder.Sorted(r.Predictions))).ToArray();
        return new(arm, scores,
            [.. Enum.GetValues<Measure>()
                .Select(m => new MeasureSummary(m, SeedSummary.Of([.. scores.Select(s => s[m])]), bootstrap.Interval(m)))],
            ConfusionMatrix.Sum([.. scores.Select(s => s.Confusion)]),
            [.. Enumerable.Range(0, scores[0].Classes.Count).Select(k => ClassSummary.Of(scores, k))]);
    }

    internal IEnumerable<string> Notes() =>
        PerSeed.SelectMany(s => s.Notes()).Distinct().Select(n => n.StartsWith("the test", StringComparison.Ordinal)
            ? $"T{n[1..]}." : $"“{Arm.Name}”: {n}.");
}

/// <summary>One class in one arm, averaged over seeds.</summary>
/// <param name="Support">Test images of the class.</param>
/// <param name="Auroc">Null where the test set lacks the class.</param>
public sealed record ClassSummary(string Class, long Support, double Precision, double Recall, double F1, double? Auroc)
{
    internal static ClassSummary Of(IReadOnlyList<Scores> seeds, int k) => new(
        seeds[0].Classes[k],
        seeds[0].Confusion.Support(k),
        seeds.Average(s => s.Metrics.PerClass[k].Score.Precision),
        seeds.Average(s => s.Metrics.PerClass[k].Score.Recall),
        seeds.Average(s => s.Metrics.PerClass[k].Score.F1),
        seeds.Average(s => s.Auroc.PerClass[k]));
}
