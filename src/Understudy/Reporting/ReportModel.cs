using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Reporting;

/// <summary>A study's result with every number a report prints, computed once from the predictions.</summary>
public sealed record ReportModel
{
    private ReportModel(StudyResult study) => Study = study;

    public StudyResult Study { get; }

    public required IReadOnlyList<ArmScores> Arms { get; init; }

    /// <summary>Every other arm against the first real one; empty without a real arm.</summary>
    public required IReadOnlyList<ArmComparison> Comparisons { get; init; }

    /// <summary>What always answering the test set's most frequent class gets.</summary>
    public required MajorityBaseline Majority { get; init; }

    /// <summary>The sentences a reader should leave with.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The study's warnings and those that follow from the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public required BootstrapOptions Bootstrap { get; init; }

    /// <summary>Test images.</summary>
    public int TestImages => Arms[0].PerSeed[0].Count;

    /// <exception cref="InvalidDataException">No arm, an arm without a run, other classes, or arms tested on different images.</exception>
    public static ReportModel Compute(StudyResult study, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(study);
        var bootstrap = (options ?? new()).Validate();
        Check(study);
        var resampled = study.Arms
            .Select(a => Evaluation.Statistics.Bootstrap.Of([.. a.Runs.Select(r => r.Predictions)], bootstrap, study.TestClusters))
            .ToArray();
        var arms = study.Arms.Select((a, i) => ArmScores.Of(a, resampled[i])).ToArray();
        var real = Array.FindIndex(arms, a => a.Arm.Kind == ArmKind.Real);
        var comparisons = real < 0 ? [] : ArmComparison.All(arms, resampled, real);
        var majority = MajorityBaseline.Of(arms[0].PerSeed[0]);
        var verdict = Verdict.Of(arms, comparisons, majority, bootstrap.Level);
        return new(study)
        {
            Arms = arms,
            Comparisons = comparisons,
            Majority = majority,
            Verdict = verdict,
            Warnings = [.. study.Warnings, .. verdict.Warnings, .. arms.SelectMany(a => a.Notes()).Distinct()],
            Bootstrap = bootstrap,
        };
    }

    private static void Check(StudyResult study)
    {
        if (study.Arms.Count == 0) throw new InvalidDataException($"study '{study.Name}' has no arm to report");
        foreach (var arm in study.Arms)
        {
            if (arm.Runs.Count == 0)
                throw new InvalidDataException($"arm '{arm.Name}' of study '{study.Name}' has no finished run; run it, or leave it out");
            if (arm.Runs.Select(r => r.Seed).Distinct().Count() != arm.Runs.Count)
                throw new InvalidDataException($"arm '{arm.Name}' of study '{study.Name}' has two runs with the same seed");
            foreach (var run in arm.Runs)
            {
                if (!run.Predictions.Classes.SequenceEqual(study.Classes, StringComparer.Ordinal))
                {
                    throw new InvalidDataException($"{run.PredictionsPath}: its classes [{string.Join(", ", run.Predictions.Classes)}] "
                        + $"are not the study's [{string.Join(", ", study.Classes)}] in this order");
                }
            }
        }
        if (study.Arms.Select(a => a.Name).Distinct(StringComparer.Ordinal).Count() != study.Arms.Count)
            throw new InvalidDataException($"study '{study.Name}' gives two arms the same name");
        if (study.Generators.Select(g => g.Name).Distinct(StringComparer.Ordinal).Count() != study.Generators.Count)
            throw new InvalidDataException($"study '{study.Name}' gives two generators the same name");
        if (study.Data.Roles.FirstOrDefault(r => r.Counts.Count != study.Classes.Count) is { } role)
            throw new InvalidDataException($"role '{role.Role}' of study '{study.Name}' counts {role.Counts.Count} classes of {study.Classes.Count}");
    }
}

/// <param name="Class">Its name.</param>
/// <param name="Accuracy">Its share of the test set.</param>
public sealed record MajorityBaseline(string Class, double Accuracy)
{
    internal static MajorityBaseline Of(Scores test)
    {
        var largest = Enumerable.Range(0, test.Classes.Count).MaxBy(test.Confusion.Support);
        return new(test.Classes[largest], (double)test.Confusion.Support(largest) / test.Count);
    }
}
