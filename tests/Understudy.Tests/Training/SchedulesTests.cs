using Understudy.Tests.Networks.Classifiers;
using Understudy.Training;

namespace Understudy.Tests.Training;

public sealed class SchedulesTests
{
    [Theory]
    [InlineData("one_cycle_10", .1)]
    [InlineData("one_cycle_37", .002)]
    public void OneCycle_EveryStep_EqualsPyTorch(string key, double peak)
    {
        var expected = PyTorchOracle.Numbers(key);
        for (int step = 0; step < expected.Length; step++)
            Assert.Equal(expected[step], Schedules.OneCycle(step, expected.Length, peak), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void OneCycle_VeryShortRuns_StayWithinTheirBounds(int total)
    {
        for (int step = 0; step < total; step++) Assert.InRange(Schedules.OneCycle(step, total, .1), .1 / 250_000 - 1e-15, .1 + 1e-15);
    }
}
