using Understudy.Evaluation.Statistics;
using Understudy.Reporting;

namespace Understudy.Tests.Reporting;

/// <summary>What is said of classifiers that learned the same images, from numbers and intervals that are given.</summary>
public class ClassifierVerdictTests
{
    private static readonly Interval Above = new(.004, .196), Around = new(-.02, .05), Below = new(-.25, -.11);

    [Fact]
    public void Verdict_OneBetterOneWorseOneAlike_IsThisText()
    {
        var verdict = Of([("recipe", [60, 62]), ("mixup", [70, 72]), ("no-shift", [42, 44]), ("adamw", [62, 63])], Above, Below,
            Around);

        Assert.Equal("Of 4 classifiers “mixup” did best: .710, .100 [.004, .196] more than “recipe”", verdict.Title);
        Assert.Equal(
            "The highest accuracy on the test images: “mixup”, .710 ± .014; the next, “adamw”, .625 ± .007; the first, "
            + "“recipe”, .610 ± .014. "
            + "Always answering the most frequent class would get .500.", verdict.Headline);
        Assert.Equal([
            "Measurably worse: “no-shift” −.180 [−.250, −.110].",
            "“adamw” cannot be told from “recipe” by this test.",
            "The 95 % intervals hold for all 3 differences at once: what another test set and training again would change.",
            "Among many rows the highest number is partly luck: expect a little less of the best on other images.",
        ], verdict.Details);
        Assert.Null(verdict.KeptShare);
    }

    [Fact]
    public void Verdict_NoneBetter_SaysSoThoughANumberIsHigher()
    {
        var verdict = Of([("recipe", [60]), ("a", [62]), ("b", [61])], Around, Around);

        Assert.Equal("None of 3 classifiers did measurably better than the first, “recipe”", verdict.Title);
        Assert.StartsWith("The highest accuracy on the test images: “a”, .620; the next, “b”, .610; the first, “recipe”, .600.",
            verdict.Headline, StringComparison.Ordinal);
        Assert.Equal("Both others cannot be told from “recipe” by this test.", verdict.Details[0]);
    }

    [Fact]
    public void Verdict_FirstIsTheBest_NamesItOnce()
    {
        var verdict = Of([("recipe", [70]), ("a", [62]), ("b", [61])], Below, Below);

        Assert.Equal("None of 3 classifiers did measurably better than the first, “recipe”", verdict.Title);
        Assert.StartsWith("The highest accuracy on the test images: “recipe”, .700; the next, “a”, .620. Always",
            verdict.Headline, StringComparison.Ordinal);
        Assert.Equal("Measurably worse: “b” −.090 [−.250, −.110], “a” −.080 [−.250, −.110].", verdict.Details[0]);
    }

    [Fact]
    public void Verdict_Tie_NamesAllThatAreBest()
    {
        var verdict = Of([("recipe", [60]), ("a", [70]), ("b", [65]), ("c", [70])], Above, Around, Above);

        Assert.Equal("Of 4 classifiers “a” and “c” did best: .700, .100 [.004, .196] more than “recipe”", verdict.Title);
        Assert.Equal("Measurably better than “recipe”: “a” +.100 [+.004, +.196], “c” +.100 [+.004, +.196].", verdict.Details[0]);
        Assert.StartsWith(
            "The highest accuracy on the test images: “a” and “c”, .700; the next, “b”, .650; the first, “recipe”, .600.",
                verdict.Headline, StringComparison.Ordinal);
    }

    /// <summary>One training may have the highest number and so wide an interval that nothing follows from it.</summary>
    [Fact]
    public void Verdict_HighestNumberIsNotMeasured_CallsTheMeasuredOneBetterAndNotBest() =>
        Assert.Equal("Of 3 classifiers “sure” did measurably better than the first: .700, .100 [.004, .196] more than “recipe”",
            Of([("recipe", [60, 60]), ("lucky", [72]), ("sure", [70, 70])], Around, Above).Title);

    [Theory]
    [InlineData(.05, .15, "“b” did better than “a”: .700, .100 [.050, .150] more than “a”")]
    [InlineData(-.05, .15, "No difference between “a” and “b” could be measured")]
    [InlineData(-.15, -.05, "“b” did measurably worse than “a”")]
    public void Title_OfTwo_SaysWhatTheIntervalDoes(double low, double high, string title) =>
        Assert.Equal(title, Of([("a", [60]), ("b", [70])], new Interval(low, high)).Title);

    [Theory]
    [InlineData(1, 1, "Every classifier was trained once, and training again may change the order.",
        "Only one seed: how much training again would change is not known.")]
    [InlineData(3, 1, "what another test set and training again would change.",
        "2 of 3 classifiers have only one seed: their intervals take it that training again changes them as much as the others.")]
    [InlineData(2, 2, "what another test set and training again would change.", null)]
    public void Verdict_Seeds_AreOwnedUpTo(int first, int others, string says, string? warns)
    {
        var verdict = Of(
            [("a", new int[first].Select((_, i) => 80 + i).ToArray()), ("b", new int[others].Select(_ => 81).ToArray()),
                ("c", new int[others].Select(_ => 82).ToArray())], Around, Around);

        Assert.Contains(verdict.Details, d => d.EndsWith(says, StringComparison.Ordinal));
        Assert.Equal(warns is null ? [] : [warns], verdict.Warnings);
    }

    [Fact]
    public void Warnings_ClassifierThatKnowsNothing_IsNamed() =>
        Assert.Contains("Learnt nothing measurable: “b”.", Of([("a", [80, 81]), ("b", [50, 52])], Below).Warnings);

    [Fact]
    public void Compute_PlantedDifferences_AreFoundAndNoOthers()
    {
        var model = ReportModel.Compute(
            FabricatedClassifiers.Make(("recipe", [80, 82, 81]), ("same", [81, 81, 82]), ("better", [97, 98, 96]),
                ("worse", [62, 64, 61])), new(400));

        Assert.True(model.Test.ComparesClassifiers);
        Assert.Equal([("recipe", "same"), ("recipe", "better"), ("recipe", "worse")],
            model.Comparisons.Select(c => (c.Reference, c.Arm)));
        Assert.Equal([(false, false), (true, false), (false, true)],
            model.Comparisons.Select(c => (c.Interval.Low > 0, c.Interval.High < 0)));
        Assert.StartsWith("Of 4 classifiers “better” did best: .970, .160 [", model.Verdict.Title, StringComparison.Ordinal);
        Assert.Empty(model.Warnings);
    }

    /// <summary>Unequal images, a control, a stand-in, or one classifier: then arms are compared, as ever.</summary>
    [Fact]
    public void ComparesClassifiers_AnythingElseThanClassifiersAlone_IsFalse()
    {
        var study = FabricatedClassifiers.Make(("a", [60]), ("b", [61]));
        var b = study.Arms[1];

        Assert.True(Compares(b));
        Assert.False(Compares(b with { TrainedOn = "half" }));
        Assert.False(Compares(b with { Kind = ArmKind.Control }));
        Assert.False(Compares(b with { Kind = ArmKind.Mixed }));
        Assert.False(Compares(b with { Classifier = "a" }));
        Assert.False(ReportModel.Compute(study with { Arms = [b] }, new(100)).Test.ComparesClassifiers);
        Assert.False(
            ReportModel.Compute(study with { Arms = [.. study.Arms.Select(a => a with { TrainedOn = null })] },
                new(100)).Test.ComparesClassifiers);

        bool Compares(ArmResult second) =>
            ReportModel.Compute(study with { Arms = [study.Arms[0], second] }, new(100)).Test.ComparesClassifiers;
    }

    /// <param name="intervals">In place of those that follow from the rows.</param>
    private static Verdict Of((string, int[])[] rows, params Interval[] intervals)
    {
        var test = ReportModel.Compute(FabricatedClassifiers.Make(rows), new(100)).Test;
        return Verdict.Of(test with { Comparisons = [.. test.Comparisons.Zip(intervals, (c, i) => c with { Interval = i })] },
            [], .95);
    }
}
