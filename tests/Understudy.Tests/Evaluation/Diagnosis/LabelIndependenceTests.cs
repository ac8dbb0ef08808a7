using Understudy.Common;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

public sealed class LabelIndependenceTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.9)]
    public void Check_PredictionsShuffledAgainstLabels_IsAFault(double accuracy)
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            var clean = Studies.Clean(3589, 7, accuracy, seed);
            var order = new KeyedRandom(seed, "tests/shuffle").Permutation(clean.Count);
            var finding = LabelIndependence.Check(Studies.Rewrite(clean, (i, predicted) => predicted[order[i]]));
            Assert.Equal(Severity.Fault, finding.Severity);
            Assert.Contains("independent of the labels", finding.Message, StringComparison.Ordinal);
            Assert.Contains("id", finding.Cure, StringComparison.Ordinal);
            Assert.InRange(finding["p"], 0.01, 1);
        }
    }

    [Fact]
    public void Check_AHundredClassesShuffled_IsAFault()
    {
        var clean = Studies.Clean(3589, 100, 0.8, 1);
        var order = new KeyedRandom(1, "tests/shuffle").Permutation(clean.Count);
        var finding = LabelIndependence.Check(Studies.Rewrite(clean, (i, predicted) => predicted[order[i]]));
        Assert.Equal(Severity.Fault, finding.Severity);
    }

    [Fact]
    public void Check_TooFewToTell_SaysHowManyWouldDo()
    {
        var findings = Enumerable.Range(0, 10).Select(seed =>
        {
            var clean = Studies.Clean(200, 7, 0.6, (ulong)seed);
            var order = new KeyedRandom((ulong)seed, "tests/shuffle").Permutation(clean.Count);
            return LabelIndependence.Check(Studies.Rewrite(clean, (i, predicted) => predicted[order[i]]));
        }).ToArray();
        Assert.DoesNotContain(findings, f => f.Severity == Severity.Fine);
        var few = findings.Where(f => f.Severity == Severity.Inconclusive).ToArray();
        Assert.NotEmpty(few);
        Assert.All(few, f => Assert.Matches(@"too few .* about \d+ would do", f.Message));
    }

    [Fact]
    public void Check_PermutedClasses_AreNotCalledIndependent() =>
        Assert.False(LabelIndependence.Check(Studies.Rewrite(Studies.Clean(3589, 7, 0.6, 1), (i, p) => (p[i] + 1) % 7)).IsAlarm);

    [Theory]
    [MemberData(nameof(Studies.CleanShapes), MemberType = typeof(Studies))]
    public void Check_TwentyCleanStudies_RaisesNothing(int images, int classes) =>
        Assert.DoesNotContain(Studies.TwentyClean(images, classes).Select(p => LabelIndependence.Check(p)), f => f.IsAlarm);

    [Fact]
    public void Check_TheSameTwice_IsTheSame()
    {
        var study = Studies.Clean(200, 7, 0.2, 5);
        Assert.Equal(LabelIndependence.Check(study).Evidence, LabelIndependence.Check(study).Evidence);
    }
}
