using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

/// <summary>The detectors that need no more than ids, hashes and roles.</summary>
public sealed class OriginTests
{
    [Fact]
    public void InTraining_SharedIds_CountsThemOfTheTest()
    {
        var finding = SeenTestImages.InTraining("net", ["a", "b", "c"], "test", ["c", "d", "e", "f"]);

        Assert.Equal((SeenTestImages.Training, Severity.Fault, 1.0), (finding.Detector, finding.Severity, finding["shared"]));
        Assert.Equal("1 of the 4 images of test (25.0 %) are among the training images of net: their number is one of memory.",
            finding.Message);
        Assert.Equal(Severity.Fine, SeenTestImages.InTraining("net", ["a"], "test", ["b"]).Severity);
    }

    [Fact]
    public void InChoice_SharedIds_IsAFaultAndInTrainingOnlyAWarning()
    {
        Assert.Equal(Severity.Fault, SeenTestImages.InChoice("net", ["a", "b"], "test", ["b"]).Severity);
        Assert.Equal(Severity.Warning, SeenTestImages.ChosenInTraining("net", ["a", "b"], ["b"]).Severity);
        Assert.Equal(Severity.Fine, SeenTestImages.ChosenInTraining("net", ["a"], ["b"]).Severity);
    }

    [Theory]
    [InlineData("a,a", Severity.Fine)]
    [InlineData("a", Severity.Fine)]
    [InlineData(",", Severity.Inconclusive)]
    [InlineData("a,", Severity.Warning)]
    [InlineData("a,b", Severity.Fault)]
    [InlineData("a,b,", Severity.Fault)]
    public void Check_SplitHashes_TellsSeveralAndNone(string hashes, Severity expected) =>
        Assert.Equal(expected, SplitHashes.Check([.. hashes.Split(',').Select((h, i) => ($"artefact {i}", h))]).Severity);

    [Fact]
    public void Check_TwoSplits_NamesWhatCameFromEach() => Assert.Equal(
        "3 artefacts come from 2 different splits: 0123456789ab g; ffff c, d. Test images of one may be training images of the other.",
        SplitHashes.Check([("g", "0123456789abcdef"), ("c", "ffff"), ("d", "ffff")]).Message);

    [Theory]
    [InlineData("generator", Severity.Fine)]
    [InlineData("generator,judge", Severity.Fine)]
    [InlineData("generator,holdout", Severity.Warning)]
    [InlineData("generator,test", Severity.Fault)]
    public void Check_RolesSeen_KeepsTestAndHoldoutApart(string roles, Severity expected) =>
        Assert.Equal(expected, RolesSeen.Check("g", roles.Split(',')).Severity);

    [Theory]
    [InlineData(0.1, Severity.Fine)]
    [InlineData(0.6, Severity.Fault)]
    public void Check_ShuffledControl_MustNotLearn(double accuracy, Severity expected) =>
        Assert.Equal(expected, ShuffledControl.Check(Studies.Clean(3589, 7, accuracy, 1)).Severity);
}
