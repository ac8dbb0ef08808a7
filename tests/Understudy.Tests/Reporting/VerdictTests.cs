using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;
using Understudy.Reporting;

namespace Understudy.Tests.Reporting;

public class VerdictTests
{
    [Theory]
    [InlineData(3.0, 3.0, "No difference between the stand-in and the real images could be measured")]
    [InlineData(3.0, 5.0, "The stand-in did better than the real images it was made from")]
    [InlineData(5.0, 3.7, "The stand-in teaches nearly all that the real images do")]
    [InlineData(4.0, 2.2, "The stand-in teaches most of what the real images do")]
    [InlineData(4.0, 1.4, "The stand-in teaches part of what the real images do")]
    [InlineData(4.0, 0.5, "The stand-in teaches little of what the real images do")]
    [InlineData(4.0, 0.0, "The stand-in taught nothing that this test can measure")]
    [InlineData(0.0, 1.0, "Real images taught too little for a stand-in to be judged")]
    public void Title_BySkill_SaysWhatTheNumbersDo(double real, double synthetic, string title) =>
        Assert.Equal(title, Of((ArmKind.Real, real), (ArmKind.Synthetic, synthetic), (ArmKind.Control, 0)).Verdict.Title);

    [Fact]
    public void KeptShare_CountsFromTheControlOrTheMajority()
    {
        var with = Of((ArmKind.Real, 4), (ArmKind.Synthetic, 2), (ArmKind.Control, 0));
        double R(ReportModel m, int i) => m.Arms[i][Measure.Accuracy].Seeds.Mean;
        Assert.Equal((R(with, 1) - R(with, 2)) / (R(with, 0) - R(with, 2)), with.Verdict.KeptShare!.Value, 1e-12);
        var without = Of((ArmKind.Real, 4), (ArmKind.Synthetic, 2));
        Assert.Equal((R(without, 1) - 1 / 7.0) / (R(without, 0) - 1 / 7.0), without.Verdict.KeptShare!.Value, 1e-12);
        Assert.Contains(without.Verdict.Warnings, w => w.StartsWith("No control was run", StringComparison.Ordinal));
        Assert.Contains("the most frequent class", without.Verdict.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_ControlThatKnowsSomething_CastsDoubtOnEverything() =>
        Assert.Contains(Of((ArmKind.Real, 4), (ArmKind.Synthetic, 2), (ArmKind.Control, 1)).Warnings,
            w => w.Contains("should know nothing", StringComparison.Ordinal));

    /// <summary>Images are many and agree; seeds are few and do not: one lucky training of three is no knowledge.</summary>
    [Fact]
    public void Warnings_ControlWhoseLuckIsOneSeeds_IsBelieved()
    {
        var study = FabricatedStudy.Make(images: 70);
        var (real, synthetic, control) = (study.Arms[0], study.Arms[1], study.Arms[3]);
        var lucky = control with { Runs = [control.Runs[0], control.Runs[1], real.Runs[2]] };
        var warnings = ReportModel.Compute(study with { Arms = [real, synthetic, lucky] }, new(100)).Verdict.Warnings;
        Assert.DoesNotContain(warnings, w => w.Contains("should know nothing", StringComparison.Ordinal));
    }

    [Fact]
    public void Warnings_CleanStudyOfThreeSeeds_AreNone() =>
        Assert.Empty(Of((ArmKind.Real, 4), (ArmKind.Synthetic, 2), (ArmKind.Control, 0)).Warnings);

    [Fact]
    public void Verdict_RealAssistedStandIn_SaysSo()
    {
        var study = FabricatedStudy.Make(images: 70);
        var model = ReportModel.Compute(
            study with { Arms = [study.Arms[0], study.Arms[1] with { RealAssisted = true }, study.Arms[3]] }, new(100));
        Assert.Contains(model.Verdict.Details, d => d.Contains("real-assisted", StringComparison.Ordinal));
    }

    [Fact]
    public void Verdict_SeveralStandIns_NamesThemAndWhatTheyAreComparedWith()
    {
        var study = FabricatedStudy.Make(images: 70);
        var (real, synthetic, control) = (study.Arms[0], study.Arms[1], study.Arms[3]);
        var model = ReportModel.Compute(
            study with { Arms = [real, synthetic, synthetic with { Name = "doubled", Against = "synthetic" }, control] },
                new(100));

        Assert.StartsWith("Trained on synthetic images alone (“synthetic”), the classifier gets ", model.Verdict.Headline,
            StringComparison.Ordinal);
        Assert.Contains(model.Verdict.Details, d => d.StartsWith("The other stand-in: “doubled” .", StringComparison.Ordinal));
        Assert.Contains(
            "“doubled” against “synthetic”: .000 (95 % interval [.000, .000]), no difference that this test can measure.",
                model.Verdict.Details);
        Assert.Equal([("real", "synthetic"), ("real", "doubled"), ("synthetic", "doubled"), ("real", "shuffled labels")],
            model.Comparisons.Select(c => (c.Reference, c.Arm)));
    }

    [Fact]
    public void Comparisons_TwoClassifiers_AreMadeWithinEach()
    {
        var study = FabricatedStudy.Make(images: 70);
        ArmResult[] Of(string classifier) =>
            [.. new[] { study.Arms[0],
                study.Arms[1] }.Select(a => a with { Name = $"{a.Name}, {classifier}", Classifier = classifier })];
        var model = ReportModel.Compute(study with { Arms = [.. Of("a"), .. Of("b")] }, new(100));

        Assert.Equal([("real, a", "synthetic, a"), ("real, b", "synthetic, b")],
            model.Comparisons.Select(c => (c.Reference, c.Arm)));
    }

    /// <summary>
    /// A large net needs no control of its own where a small one has it; what the control says is looked at all the same.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Warnings_ControlOfAnotherClassifier_IsOneAndIsLookedAt(bool knows)
    {
        var study = FabricatedStudy.Make(images: 700);
        var control = knows ? study.Arms[0] with { Kind = ArmKind.Control, Name = "control" } : study.Arms[3];
        var model = ReportModel.Compute(
            study with { Arms = [study.Arms[0], study.Arms[1], control with { Classifier = "small" }] }, new(100));

        Assert.DoesNotContain(model.Verdict.Warnings, w => w.StartsWith("No control was run", StringComparison.Ordinal));
        Assert.Equal(knows, model.Verdict.Warnings.Any(w => w.Contains("should know nothing", StringComparison.Ordinal)));
        Assert.Contains("the most frequent class", model.Verdict.Headline, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "a gain; of one training each, and training again may change it.")]
    [InlineData(3, "a gain.")]
    public void Verdict_DifferenceOfOneTrainingEach_SaysThatItMayBeTheTraining(int seeds, string expected)
    {
        var study = FabricatedStudy.Make(images: 700);
        var synthetic = study.Arms[1];
        var better = study.Arms[0] with { Kind = ArmKind.Synthetic, Name = "doubled", Against = synthetic.Name };
        var model = ReportModel.Compute(study with
        {
            Arms = [.. new[] { study.Arms[0], synthetic, better }.Select(a => a with { Runs = [.. a.Runs.Take(seeds)] })],
        }, new(100));

        Assert.EndsWith(expected,
            Assert.Single(model.Verdict.Details, d => d.StartsWith("“doubled” against", StringComparison.Ordinal)),
                StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_NoRealArm_HasNothingToCompareWith()
    {
        var model = Of((ArmKind.Synthetic, 2), (ArmKind.Control, 0));
        Assert.StartsWith("Nothing to compare with", model.Verdict.Title, StringComparison.Ordinal);
        Assert.Empty(model.Comparisons);
    }

    private static ReportModel Of(params (ArmKind Kind, double Skill)[] arms)
    {
        var study = FabricatedStudy.Make(images: 700);
        return ReportModel.Compute(study with
        {
            Arms = [.. arms.Select((a, i) =>
                new ArmResult($"arm {i}", "", a.Kind, [.. Enumerable.Range(1, 3).Select(s => new ArmRun(
                (ulong)s, "p.csv", FabricatedStudy.Draw(FabricatedStudy.Faces, 700, a.Skill, (ulong)s, $"verdict {i}"), []))]))],
        }, new BootstrapOptions(100));
    }
}
