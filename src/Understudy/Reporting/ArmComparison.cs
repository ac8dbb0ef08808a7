using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Reporting;

/// <summary>An arm against the real one, on the same test images.</summary>
/// <param name="Reference">Name of the real arm.</param>
/// <param name="Arm">Name of the other.</param>
/// <param name="Difference">Its mean accuracy minus the real arm's.</param>
/// <param name="Interval">Paired bootstrap interval of the difference.</param>
/// <param name="Pairs">Exact McNemar tests, one per seed that both arms have.</param>
public sealed record ArmComparison(
    string Reference, string Arm, double Difference, Interval Interval, IReadOnlyList<SeedPair> Pairs)
{
    internal static IReadOnlyList<ArmComparison> All(ArmScores[] arms, Bootstrap[] resampled, int reference)
    {
        var real = arms[reference];
        var others = Enumerable.Range(0, arms.Length).Where(i => i != reference).ToArray();
        var tests = (from i in others
                     from run in arms[i].Arm.Runs
                     join same in real.Arm.Runs on run.Seed equals same.Seed
                     select (Arm: i, run.Seed, Test: McNemar.Between(run.Predictions, same.Predictions))).ToArray();
        var adjusted = Holm.Adjust([.. tests.Select(t => t.Test.PValue)]);
        return [.. others.Select(i => new ArmComparison(
            real.Arm.Name, arms[i].Arm.Name,
            arms[i][Measure.Accuracy].Seeds.Mean - real[Measure.Accuracy].Seeds.Mean,
            Bootstrap.Difference(resampled[i], resampled[reference], Measure.Accuracy),
            [.. tests.Index().Where(t => t.Item.Arm == i).Select(t => new SeedPair(t.Item.Seed, t.Item.Test, adjusted[t.Index]))]))];
    }
}

/// <param name="Test">First: the arm; second: the real one.</param>
/// <param name="AdjustedP">By Holm over all tests of the report.</param>
public sealed record SeedPair(ulong Seed, McNemar Test, double AdjustedP);
