using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

public sealed class OrderShiftTests
{
    [Theory]
    [InlineData(3589, 0.35, 1)]
    [InlineData(3589, 0.6, -1)]
    [InlineData(3589, 0.6, 64)]
    [InlineData(3589, 0.6, -1000)]
    [InlineData(200, 0.7, 32)]
    public void Check_RowsMoved_FindsByHowMany(int images, double accuracy, int lag)
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            var moved = Studies.Rewrite(Studies.Clean(images, 7, accuracy, seed), (i, p) => p[(i + lag + images) % images]);
            var finding = OrderShift.Check(moved);
            Assert.Equal(Severity.Fault, finding.Severity);
            Assert.Equal(lag, finding["lag"]);
            Assert.Contains($"moved {Math.Abs(lag)} row", finding.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Check_ABatchMovedInASortedTestSet_IsFound() =>
        Assert.Equal(128,
            OrderShift.Check(
                Studies.Rewrite(Studies.Clean(3589, 7, 0.7, 1, sorted: true), (i, p) => p[(i + 128) % 3589]))["lag"]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_Reversed_SaysSo(bool sorted)
    {
        var finding = OrderShift.Check(Studies.Rewrite(Studies.Clean(3589, 7, 0.6, 1, sorted: sorted), (i, p) => p[^(i + 1)]));
        Assert.Equal(Severity.Fault, finding.Severity);
        Assert.Contains("read backwards", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Studies.CleanShapes), MemberType = typeof(Studies))]
    public void Check_TwentyCleanStudies_RaisesNothing(int images, int classes) =>
        Assert.DoesNotContain(Studies.TwentyClean(images, classes).Select(OrderShift.Check), f => f.IsAlarm);
}
