using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

public sealed class LabelJoinTests
{
    [Fact]
    public void Check_LabelsPairedByPosition_IsAFault()
    {
        var p = Studies.Clean(200, 7, 0.6, 1);
        var truth = p.Ids.Select((id, i) => (id, p.Classes[p.Labels[(i + 1) % p.Count]])).ToDictionary();
        var finding = LabelJoin.Check(p, truth);
        Assert.Equal(Severity.Fault, finding.Severity);
        Assert.Equal(Enumerable.Range(0, 200).Count(i => p.Labels[i] != p.Labels[(i + 1) % 200]), finding["labels-that-differ"]);
    }

    [Fact]
    public void Check_ImagesMissingAndUnknown_CountsBoth()
    {
        var p = Studies.Clean(200, 7, 0.6, 1);
        var truth = p.Ids.Skip(3).Select((id, i) => (id, p.Classes[p.Labels[i + 3]])).Append(("another", "fear")).ToDictionary();
        var finding = LabelJoin.Check(p, truth);
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Equal((3, 1), (finding["ids-unknown"], finding["images-not-predicted"]));
    }

    [Fact]
    public void Check_TwentyCleanStudies_RaisesNothing() => Assert.All(Studies.TwentyClean(200, 7), p =>
        Assert.Equal(Severity.Fine,
            LabelJoin.Check(p, p.Ids.Select((id, i) => (id, p.Classes[p.Labels[i]])).Reverse().ToDictionary()).Severity));
}
