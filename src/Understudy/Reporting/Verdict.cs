using Understudy.Evaluation.Utility;

namespace Understudy.Reporting;

/// <summary>What the stand-in is worth, or which classifier did best, in plain words, by fixed rules from the numbers.</summary>
/// <param name="Title">The answer in one short sentence.</param>
/// <param name="Headline">The numbers behind it in one sentence.</param>
/// <param name="Details">What qualifies it.</param>
/// <param name="KeptShare">(synthetic − chance) / (real − chance) in accuracy; null where it has no meaning.</param>
/// <param name="Warnings">What the numbers themselves cast doubt on.</param>
public sealed record Verdict(
    string Title, string Headline, IReadOnlyList<string> Details, double? KeptShare, IReadOnlyList<string> Warnings)
{
    /// <summary>Kept shares from which a stand-in carries nearly all, most, and part of the signal.</summary>
    public const double NearlyAll = 0.9, Most = 0.6, Part = 0.25;

    internal static Verdict Of(TestScores test, IReadOnlyList<RescoredTest> scorings, double level)
    {
        if (test.ComparesClassifiers) return ClassifierVerdict.Of(test, scorings, level);
        var (arms, majority) = (test.Arms, test.Majority);
        var real = arms.FirstOrDefault(a => a.Arm.Kind == ArmKind.Real);
        var classifier = (real ?? arms[0]).Arm.Classifier;
        var synthetic = arms.FirstOrDefault(a => a.Arm.Kind == ArmKind.Synthetic && a.Arm.Classifier == classifier);
        var control = arms.FirstOrDefault(a => a.Arm.Kind == ArmKind.Control && a.Arm.Classifier == classifier);
        var chance = control?[Measure.Accuracy].Seeds.Mean ?? majority.Accuracy;
        var warnings = Doubts(arms, real, majority).ToArray();
        if (real is null || synthetic is null)
        {
            return new(
                real is null ? "Nothing to compare with: no arm was trained on real images"
                    : "No stand-in to judge: no arm was trained on synthetic images alone",
                $"{Sentence(arms[0])} of the real test images right{Floor(control, majority)}.", [], null, warnings);
        }
        double r = real[Measure.Accuracy].Seeds.Mean, s = synthetic[Measure.Accuracy].Seeds.Mean;
        double? kept = r - chance > 0.02 ? (s - chance) / (r - chance) : null;
        var gap = test.Comparisons.First(c => c.Arm == synthetic.Arm.Name && c.Reference == real.Arm.Name);
        var others = arms.Where(a => a.Arm.Kind == ArmKind.Synthetic && a.Arm.Classifier == classifier && a != synthetic)
            .ToArray();
        return new(
            TitleOf(synthetic, chance, kept, gap),
            $"{Sentence(synthetic, others.Length > 0)} of the real test images right; "
                + $"trained on real images, {Numbers.WithSd(real[Measure.Accuracy].Seeds)}{Floor(control, majority)}.",
            [
                .. DetailsOf(synthetic, kept, gap, control, level),
                .. OthersOf(others),
                .. from arm in arms
                   where arm.Arm.Classifier == classifier
                   from c in test.Comparisons
                   where c.Arm == arm.Arm.Name && c.Reference == arm.Arm.Against
                   select Against(c, level,
                       Math.Min(arm.Arm.Runs.Count, arms.First(a => a.Arm.Name == c.Reference).Arm.Runs.Count)),
                .. scorings.Select(o => Rescored(o, real, synthetic)),
            ], kept, warnings);
    }

    private static string Sentence(ArmScores arm, bool named = false) => (arm.Arm.Kind switch
    {
        ArmKind.Real => "Trained on real images",
        ArmKind.Synthetic => "Trained on synthetic images alone",
        ArmKind.Mixed => "Trained on real and synthetic images",
        _ => "In the control",
    }) + (named ? $" (“{arm.Arm.Name}”)" : "") + $", the classifier gets {Numbers.WithSd(arm[Measure.Accuracy].Seeds)}";

    private static IEnumerable<string> OthersOf(ArmScores[] others)
    {
        var each = others.Select(o => $"“{o.Arm.Name}” {Numbers.WithSd(o[Measure.Accuracy].Seeds)}");
        if (others.Length > 0) yield return $"The other stand-in{(others.Length > 1 ? "s" : "")}: {string.Join(", ", each)}.";
    }

    /// <summary>An arm against the one it names: what doubling, filtering or another resolution changed.</summary>
    /// <param name="runs">Trainings of the arm that has fewer.</param>
    private static string Against(ArmComparison c, double level, int runs) =>
        $"“{c.Arm}” against “{c.Reference}”: {Numbers.Signed(c.Difference)} ({Numbers.Level(level)} interval "
        + $"{Numbers.SignedInterval(c.Interval)}), "
        + (c.Interval.Contains(0) ? "no difference that this test can measure" : c.Difference > 0 ? "a gain" : "a loss")
        // The interval is over test images alone.
        + (runs > 1 || c.Interval.Contains(0) ? "." : "; of one training each, and training again may change it.");

    private static string Rescored(RescoredTest other, ArmScores real, ArmScores synthetic)
    {
        string Accuracy(ArmScores arm) =>
            Numbers.WithSd(other.Scores.Arms.First(a => a.Arm.Name == arm.Arm.Name)[Measure.Accuracy].Seeds);
        return $"Scored {other.How.Name} ({Numbers.Count(other.Scores.Images)} images): real {Accuracy(real)}, the stand-in "
            + $"{Accuracy(synthetic)}.";
    }

    private static string Floor(ArmScores? control, MajorityBaseline majority) => control is null
        ? $"; always answering the most frequent class would get {Numbers.Share(majority.Accuracy)}"
        : $"; with labels that say nothing (the control), {Numbers.WithSd(control[Measure.Accuracy].Seeds)}";

    private static string TitleOf(ArmScores synthetic, double chance, double? kept, ArmComparison gap) =>
        synthetic[Measure.Accuracy].Interval.Low <= chance ? "The stand-in taught nothing that this test can measure"
        : kept is null ? "Real images taught too little for a stand-in to be judged"
        : gap.Interval.Low > 0 ? "The stand-in did better than the real images it was made from"
        : gap.Interval.High >= 0 ? "No difference between the stand-in and the real images could be measured"
        : Math.Round(kept.Value, 2) is var share && share >= NearlyAll ? "The stand-in teaches nearly all that the real images do"
        : share >= Most ? "The stand-in teaches most of what the real images do"
        : share >= Part ? "The stand-in teaches part of what the real images do"
        : "The stand-in teaches little of what the real images do";

    private static IEnumerable<string> DetailsOf(ArmScores synthetic, double? kept, ArmComparison gap, ArmScores? control,
        double level)
    {
        if (kept is { } k)
        {
            yield return $"Counted from {(control is null ? "the most frequent class" : "the control")} upwards, "
                + $"that is {Numbers.Percent(k)} of what real images teach.";
        }
        yield return $"The difference in accuracy is {Numbers.Signed(gap.Difference)} "
            + $"({Numbers.Level(level)} interval {Numbers.SignedInterval(gap.Interval)}, both arms scored on the same resampled "
            + "test images).";
        if (synthetic.Arm.RealAssisted)
            yield return "A judge trained on real images had a part in making this stand-in: it is real-assisted.";
    }

    // By the test images and by the seeds: a net that learnt nothing takes like images alike, so that its luck is one draw for
    // many images.
    private static bool KnowsMore(MeasureSummary control, double bound) =>
        control.Interval.Low > bound && control.Seeds.Mean - 2 * (control.Seeds.Sd ?? 0) > bound;

    private static IEnumerable<string> Doubts(IReadOnlyList<ArmScores> arms, ArmScores? real, MajorityBaseline majority)
    {
        var floor = Math.Max(majority.Accuracy, 1.0 / arms[0].PerClass.Count);
        var controls = arms.Where(a => a.Arm.Kind == ArmKind.Control).ToList();
        foreach (var control in controls.Where(c => KnowsMore(c[Measure.Accuracy], floor + 0.02)))
        {
            yield return $"The control “{control.Arm.Name}” should know nothing, yet "
                + $"reaches {Numbers.Share(control[Measure.Accuracy].Seeds.Mean)} where {Numbers.Share(floor)} needs no "
                + "knowledge: "
                + "training and test may share images, or labels were not really shuffled. "
                + "Until that is found, believe none of the arms.";
        }
        if (real is not null && real[Measure.Accuracy].Interval.Low <= floor)
            yield return $"Even real images taught nothing measurable (arm “{real.Arm.Name}”): the classifier, not the images, "
                + "may be at fault.";
        if (controls.Count == 0)
            yield return "No control was run: an arm trained on shuffled labels would show what no knowledge looks like.";
        var seeds = arms.Min(a => a.Arm.Runs.Count);
        if (seeds < 3)
        {
            yield return seeds == 1 ? "Only one seed in at least one arm: how much training again would change is not known."
                : "Only two seeds in at least one arm: how much training again would change is known roughly.";
        }
    }
}
