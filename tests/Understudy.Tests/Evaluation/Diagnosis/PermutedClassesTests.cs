using Understudy.Common;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

public sealed class PermutedClassesTests
{
    [Theory]
    [InlineData(3589, 0.35)]
    [InlineData(3589, 0.6)]
    [InlineData(3589, 0.95)]
    [InlineData(200, 0.6)]
    public void Check_TrainedInTheCsvOrderTestedInTheFolders_NamesBoth(int images, double accuracy)
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            // What the net calls number k is the CSV's class k; the test reads number k as the folders' class k.
            var permuted = Studies.Rewrite(Studies.Clean(images, 7, accuracy, seed),
                (i, p) => Array.IndexOf(Studies.Csv, Studies.Folders[p[i]]));
            var finding = PermutedClasses.Check(permuted);
            Assert.Equal(Severity.Fault, finding.Severity);
            Assert.Contains("'neutral' means 'sad', 'sad' means 'surprise', 'surprise' means 'neutral'", finding.Message,
                StringComparison.Ordinal);
            Assert.Contains("trained in the order of fer2013.csv, tested in the alphabetical order of folders", finding.Message,
                StringComparison.Ordinal);
            Assert.InRange(finding["accuracy-best-order"], accuracy - 0.12, accuracy + 0.12);
        }
    }

    [Fact]
    public void Check_TwoClassesSwapped_IsAFault()
    {
        var finding = PermutedClasses.Check(
            Studies.Rewrite(Studies.Clean(3589, 7, 0.5, 2), (i, p) => p[i] switch { 4 => 5, 5 => 4, var k => k }));
        Assert.Equal(Severity.Fault, finding.Severity);
        Assert.Equal(2, finding["classes-surely-moved"]);
    }

    [Theory]
    [InlineData(3589)]
    [InlineData(200)]
    public void Check_AHundredClassesRotated_IsAFault(int images) =>
        Assert.Equal(Severity.Fault,
            PermutedClasses.Check(Studies.Rewrite(Studies.Clean(images, 100, 0.8, 4), (i, p) => (p[i] + 1) % 100)).Severity);

    [Fact]
    public void Check_ShuffledPredictions_AreNotCalledPermuted()
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            var clean = Studies.Clean(3589, 7, 0.6, seed);
            var order = new KeyedRandom(seed, "tests/shuffle").Permutation(clean.Count);
            Assert.False(PermutedClasses.Check(Studies.Rewrite(clean, (i, p) => p[order[i]])).IsAlarm);
        }
    }

    [Theory]
    [MemberData(nameof(Studies.CleanShapes), MemberType = typeof(Studies))]
    public void Check_TwentyCleanStudies_RaisesNothing(int images, int classes) =>
        Assert.DoesNotContain(Studies.TwentyClean(images, classes).Select(p => PermutedClasses.Check(p)), f => f.IsAlarm);
}
