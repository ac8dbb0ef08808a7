using Understudy.Common;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

public sealed class DominatingClassTests
{
    [Theory]
    [InlineData(1.0, Severity.Fault)]
    [InlineData(0.85, Severity.Warning)]
    public void Check_OneClassTakesOver_IsNamed(double share, Severity severity)
    {
        var random = new KeyedRandom(1, "tests/collapse");
        var finding = DominatingClass.Check(
            Studies.Rewrite(Studies.Clean(3589, 7, 0.6, 1), (i, p) => random.Uniform() < share ? 3 : p[i]));
        Assert.Equal(severity, finding.Severity);
        Assert.StartsWith("'happy' gets ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AClassThatTrulyDominates_IsFine()
    {
        int[] labels = [.. Enumerable.Range(0, 1000).Select(i => i % 20 == 0 ? 1 : 0)];
        Assert.Equal(Severity.Fine, DominatingClass.Check(Studies.Make(["common", "rare"], labels, labels)).Severity);
    }

    [Theory]
    [MemberData(nameof(Studies.CleanShapes), MemberType = typeof(Studies))]
    public void Check_TwentyCleanStudies_RaisesNothing(int images, int classes) =>
        Assert.DoesNotContain(Studies.TwentyClean(images, classes).Select(DominatingClass.Check), f => f.IsAlarm);
}
