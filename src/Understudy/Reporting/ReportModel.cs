using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Reporting;

/// <summary>A study's result with every number a report prints, computed once from the predictions.</summary>
public sealed record ReportModel
{
    private ReportModel(StudyResult study) => Study = study;

    public StudyResult Study { get; }

    /// <summary>The numbers on the full test set.</summary>
    public required TestScores Test { get; init; }

    /// <summary>The same tests scored in the study's other ways.</summary>
    public required IReadOnlyList<RescoredTest> Scorings { get; init; }

    public IReadOnlyList<ArmScores> Arms => Test.Arms;

    public IReadOnlyList<ArmComparison> Comparisons => Test.Comparisons;

    public MajorityBaseline Majority => Test.Majority;

    /// <summary>The sentences a reader should leave with.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The study's warnings and those that follow from the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public required BootstrapOptions Bootstrap { get; init; }

    /// <summary>What the rows of the tables are told apart by.</summary>
    internal string RowsAre => ClassifierRows.Differ(Study.Arms) ? "Classifier" : "Trained on";

    /// <summary>Test images.</summary>
    public int TestImages => Test.Images;

    /// <exception cref="InvalidDataException">No arm, an arm without a run, other classes, or arms tested on different
    /// images.</exception>
    public static ReportModel Compute(StudyResult study, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(study);
        var bootstrap = (options ?? new()).Validate();
        Check(study);
        var test = TestScores.Of(study.Arms, bootstrap, study.TestClusters);
        var scorings = study.Scorings.Select(s => RescoredTest.Of(s, study.Arms, bootstrap, study.TestClusters)).ToArray();
        var verdict = Verdict.Of(test, scorings, bootstrap.Level);
        return new(study)
        {
            Test = test,
            Scorings = scorings,
            Verdict = verdict,
            Warnings = [.. study.Warnings, .. verdict.Warnings, .. test.Arms.SelectMany(a => a.Notes()).Distinct()],
            Bootstrap = bootstrap,
        };
    }

    private static void Check(StudyResult study)
    {
        if (study.Arms.Count == 0) throw new InvalidDataException($"study '{study.Name}' has no arm to report");
        foreach (var arm in study.Arms)
        {
            if (arm.Runs.Count == 0)
                throw new InvalidDataException(
                    $"arm '{arm.Name}' of study '{study.Name}' has no finished run; run it, or leave it out");
            if (arm.Runs.Select(r => r.Seed).Distinct().Count() != arm.Runs.Count)
                throw new InvalidDataException($"arm '{arm.Name}' of study '{study.Name}' has two runs with the same seed");
            foreach (var run in arm.Runs)
            {
                if (!run.Predictions.Classes.SequenceEqual(study.Classes, StringComparer.Ordinal))
                {
                    throw new InvalidDataException($"{run.PredictionsPath}: its classes "
                        + $"[{string.Join(", ", run.Predictions.Classes)}] "
                        + $"are not the study's [{string.Join(", ", study.Classes)}] in this order");
                }
            }
        }
        if (study.Arms.Select(a => a.Name).Distinct(StringComparer.Ordinal).Count() != study.Arms.Count)
            throw new InvalidDataException($"study '{study.Name}' gives two arms the same name");
        if (study.Generators.Select(g => g.Name).Distinct(StringComparer.Ordinal).Count() != study.Generators.Count)
            throw new InvalidDataException($"study '{study.Name}' gives two generators the same name");
        if (study.Data.Roles.FirstOrDefault(r => r.Counts.Count != study.Classes.Count) is { } role)
            throw new InvalidDataException($"role '{role.Role}' of study '{study.Name}' counts {role.Counts.Count} classes of "
                + $"{study.Classes.Count}");
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
