using Understudy.Common;
using Understudy.Evaluation.Utility;

namespace Understudy.Reporting;

/// <summary>
/// summary.json: every number of the report, keys in one order, nothing that depends on the clock or the machine, so that an
/// unbroken run and one that was killed and resumed give the same bytes. The times are in times.json.
/// </summary>
internal static class SummaryJson
{
    private const int FormatVersion = 1;

    public static string Write(ReportModel model) => StrictJson.Write(new
    {
        FormatVersion,
        Study = model.Study.Name,
        model.Study.Question,
        model.Study.Seeds,
        Data = new
        {
            model.Study.Data.Source,
            model.Study.Data.SplitHash,
            model.Study.Classes,
            Roles = model.Study.Data.Roles.Select(r => new { r.Role, Images = r.Counts.Sum(), r.Counts }),
        },
        Test = new
        {
            Set = model.Study.Data.TestSet,
            Images = model.TestImages,
            MajorityClass = model.Majority.Class,
            MajorityAccuracy = model.Majority.Accuracy,
        },
        Verdict = new { model.Verdict.Title, model.Verdict.Headline, model.Verdict.Details, model.Verdict.KeptShare },
        model.Test.ComparesClassifiers,
        Arms = model.Arms.Select(Arm),
        Comparisons = model.Comparisons.Select(Comparison),
        Scorings = model.Scorings.Select(s => new
        {
            s.How.Name,
            s.How.Description,
            s.Scores.Images,
            LeftOut = s.LeftOut.Select(r => new { r.Reason, r.Images }),
            s.Relabelled,
            MajorityClass = s.Scores.Majority.Class,
            MajorityAccuracy = s.Scores.Majority.Accuracy,
            Arms = s.Scores.Arms.Select(Scored),
            Comparisons = s.Scores.Comparisons.Select(Comparison),
        }),
        Generators = model.Study.Generators.Select(g =>
            new { g.Name, g.Description, Curves = g.Losses.Concat(g.Quality).Select(Last) }),
        References = model.Study.References.Select(r =>
            new { r.Name, r.Accuracy, r.F1, r.Auroc, r.Precision, r.Recall, r.Average, r.Note, r.Source }),
        Settings = model.Study.Settings.Select(s => new { s.Group, s.Key, s.Value }),
        model.Warnings,
        NotRun = model.Study.NotRun.Select(n => new { n.Name, n.Reason }),
        Bootstrap = new
        {
            model.Bootstrap.Replicates,
            model.Bootstrap.Level,
            model.Bootstrap.Seed,
            Clustered = model.Study.TestClusters is not null
        },
    });

    public static string WriteTimes(StudyResult study) => StrictJson.Write(new
    {
        FormatVersion,
        Study = study.Name,
        Stages = study.Times.Select(t => new { t.Stage, t.Seconds }),
        TotalSeconds = study.Times.Sum(t => t.Seconds),
        Environment = study.Environment.Select(s => new { s.Group, s.Key, s.Value }),
    });

    private static object Comparison(ArmComparison c) => new
    {
        c.Arm,
        c.Reference,
        AccuracyDifference = c.Difference,
        c.Interval.Low,
        c.Interval.High,
        Mcnemar = c.Pairs.Select(p => new
        {
            p.Seed,
            OnlyArm = p.Test.OnlyFirst,
            OnlyReference = p.Test.OnlySecond,
            P = p.Test.PValue,
            PHolm = p.AdjustedP,
        }),
    };

    private static object Arm(ArmScores arm) => new
    {
        arm.Arm.Name,
        arm.Arm.Description,
        arm.Arm.Kind,
        arm.Arm.Classifier,
        arm.Arm.RealAssisted,
        arm.Arm.TrainedOn,
        arm.Arm.Differs,
        arm.Arm.TrainingImages,
        Measures = Measures(arm),
        BalancedAccuracy = Mean(arm, s => s.Metrics.BalancedAccuracy),
        WeightedPrecision = Mean(arm, s => s.Metrics.Weighted.Precision),
        WeightedRecall = Mean(arm, s => s.Metrics.Weighted.Recall),
        WeightedF1 = Mean(arm, s => s.Metrics.Weighted.F1),
        WeightedAuroc = Mean(arm, s => s.WeightedAuroc),
        Nll = Mean(arm, s => s.Nll),
        Ece = Mean(arm, s => s.Ece),
        PerClass = arm.PerClass.Select(c => new { c.Class, c.Support, c.Precision, c.Recall, c.F1, c.Auroc }),
        Confusion = Rows(arm.Confusion),
        Runs = Runs(arm),
    };

    /// <summary>An arm under another scoring.</summary>
    private static object Scored(ArmScores arm) => new
    {
        arm.Arm.Name,
        Measures = Measures(arm),
        WeightedPrecision = Mean(arm, s => s.Metrics.Weighted.Precision),
        WeightedRecall = Mean(arm, s => s.Metrics.Weighted.Recall),
        WeightedF1 = Mean(arm, s => s.Metrics.Weighted.F1),
        WeightedAuroc = Mean(arm, s => s.WeightedAuroc),
        Nll = Mean(arm, s => s.Nll),
        Ece = Mean(arm, s => s.Ece),
        PerClass = arm.PerClass.Select(c => new { c.Class, c.Support, c.Precision, c.Recall, c.F1, c.Auroc }),
        Confusion = Rows(arm.Confusion),
        Runs = Runs(arm),
    };

    private static Dictionary<string, MeasureRow> Measures(ArmScores arm) =>
        arm.Measures.ToDictionary(m => Key(m.Measure),
            m => new MeasureRow(m.Seeds.Mean, m.Seeds.Sd, m.Interval.Low, m.Interval.High));

    private static IEnumerable<object> Runs(ArmScores arm) => arm.Arm.Runs.Zip(arm.PerSeed, (run, s) => new
    {
        run.Seed,
        Predictions = run.PredictionsPath,
        Accuracy = s[Measure.Accuracy],
        MacroF1 = s[Measure.MacroF1],
        MacroAuroc = s[Measure.MacroAuroc],
        MacroPrecision = s[Measure.MacroPrecision],
        MacroRecall = s[Measure.MacroRecall],
        s.Nll,
        Epochs = run.Curve.Count,
    });

    private static object Mean(ArmScores arm, Func<Scores, double> number)
    {
        var s = arm.Over(number);
        return new { s.Mean, s.Sd };
    }

    private static object Last(CurveSeries curve) => new
    {
        curve.Name,
        Points = curve.Points.Count,
        Last = curve.Points.Count == 0 ? (double?)null : curve.Points[^1].Y,
    };

    private static IEnumerable<long[]> Rows(ConfusionMatrix m) =>
        Enumerable.Range(0, m.Classes).Select(i => Enumerable.Range(0, m.Classes).Select(j => m[i, j]).ToArray());

    internal static string Key(Measure measure) => measure.Word();

    private sealed record MeasureRow(double Mean, double? Sd, double Low, double High);
}
