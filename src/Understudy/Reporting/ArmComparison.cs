using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Reporting;

/// <summary>Two arms of one classifier, or two classifiers on the same training images, tested on the same images.</summary>
/// <param name="Reference">Name of the arm that is compared with: the real one, or the one that <see cref="ArmResult.Against"/>
/// names; where classifiers alone are compared, the first.</param>
/// <param name="Arm">Name of the other.</param>
/// <param name="Difference">Its mean accuracy minus the reference's.</param>
/// <param name="Interval">Paired bootstrap interval of the difference; where classifiers alone are compared, one of
/// <see cref="JointDifferences"/>, which hold all at once and cover training again as well.</param>
/// <param name="Pairs">Exact McNemar tests, one per seed that both arms have.</param>
public sealed record ArmComparison(
    string Reference, string Arm, double Difference, Interval Interval, IReadOnlyList<SeedPair> Pairs)
{
    internal static IReadOnlyList<ArmComparison> All(ArmScores[] arms, Bootstrap[] resampled)
    {
        var joint = ClassifierRows.Compare(arms) ? Joint(arms, resampled) : null;
        var wanted = Enumerable.Range(0, arms.Length).SelectMany(i => References(arms, i).Select(r => (Arm: i, Reference: r)))
            .ToArray();
        var tests = (from w in wanted
                     from run in arms[w.Arm].Arm.Runs
                     from same in arms[w.Reference].Arm.Runs
                     where run.Seed == same.Seed
                     select (Of: w, run.Seed, Test: McNemar.Between(run.Predictions, same.Predictions))).ToArray();
        var adjusted = Holm.Adjust([.. tests.Select(t => t.Test.PValue)]);
        return [.. wanted.Select(w => new ArmComparison(
            arms[w.Reference].Arm.Name, arms[w.Arm].Arm.Name,
            arms[w.Arm][Measure.Accuracy].Seeds.Mean - arms[w.Reference][Measure.Accuracy].Seeds.Mean,
            joint?[w.Arm - 1] ?? Bootstrap.Difference(resampled[w.Arm], resampled[w.Reference], Measure.Accuracy),
            [.. tests.Index().Where(t => t.Item.Of == w)
                .Select(t => new SeedPair(t.Item.Seed, t.Item.Test, adjusted[t.Index]))]))];
    }

    /// <summary>
    /// Of every row but the first. Rows of one seed borrow the seeds' SD of the others; where no row has two, only test images
    /// are drawn anew.
    /// </summary>
    private static IReadOnlyList<Interval> Joint(ArmScores[] arms, Bootstrap[] resampled) => JointDifferences.Of(
        resampled, [.. arms.Select(a => a.PerSeed.Count)],
        SeedSd(arms) ?? 0, Measure.Accuracy);

    /// <summary>What training again changes in the accuracy of rows that are alike; null where none has two seeds.</summary>
    internal static double? SeedSd(IEnumerable<ArmScores> arms) =>
        SeedSummary.PooledSd([.. arms.Select(a => a[Measure.Accuracy].Seeds)]);

    /// <summary>What an arm is compared with: its classifier's first real arm, and the arm it names.</summary>
    private static IEnumerable<int> References(ArmScores[] arms, int i)
    {
        if (ClassifierRows.Compare(arms))
        {
            if (i > 0) yield return 0;
            yield break;
        }
        var real = Array.FindIndex(arms, a => a.Arm.Kind == ArmKind.Real && a.Arm.Classifier == arms[i].Arm.Classifier);
        if (real >= 0 && real != i) yield return real;
        var named = Array.FindIndex(arms, a => a.Arm.Name == arms[i].Arm.Against);
        if (named >= 0 && named != i && named != real) yield return named;
    }
}

/// <param name="Test">First: the arm; second: the reference.</param>
/// <param name="AdjustedP">By Holm over all tests of one scoring.</param>
public sealed record SeedPair(ulong Seed, McNemar Test, double AdjustedP);
