using Understudy.Common;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

public sealed class PredictionChecksTests
{
    /// <summary>Each planted fault is found by the detector made for it, and by no other that would mislead.</summary>
    [Theory]
    [InlineData("shuffled", "label-independence")]
    [InlineData("permuted", "permuted-classes")]
    [InlineData("shifted", "order-shift, label-independence")]
    [InlineData("collapsed", "dominating-class, label-independence")]
    [InlineData("none", "")]
    public void All_OneFault_RaisesItsDetectorsOnly(string fault, string expected)
    {
        var clean = Studies.Clean(3589, 7, 0.6, 1);
        var order = new KeyedRandom(1, "tests/shuffle").Permutation(clean.Count);
        var study = Studies.Rewrite(clean, (i, p) => fault switch
        {
            "shuffled" => p[order[i]],
            "permuted" => (p[i] + 2) % 7,
            "shifted" => p[(i + 5) % p.Length],
            "collapsed" => 3,
            _ => p[i],
        });
        Assert.Equal(expected, string.Join(", ", PredictionChecks.All(study).Where(f => f.IsAlarm).Select(f => f.Detector)));
    }

    [Fact]
    public void All_NoImage_IsInconclusiveEverywhere() =>
        Assert.All(PredictionChecks.All(Studies.Make(Studies.Folders, [], [])),
            f => Assert.Equal(Severity.Inconclusive, f.Severity));

    [Fact]
    public void Evidence_NotThere_NamesDetectorAndEvidence() => Assert.Contains("dominating-class has no evidence 'nothing'",
        Assert.Throws<KeyNotFoundException>(() => DominatingClass.Check(Studies.Clean(200, 7, 0.5, 1))["nothing"]).Message,
            StringComparison.Ordinal);
}
