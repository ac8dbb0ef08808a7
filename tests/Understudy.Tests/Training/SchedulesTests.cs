using Understudy.Tests.Networks.Classifiers;
using Understudy.Training;

namespace Understudy.Tests.Training;

public sealed class SchedulesTests
{
    /// <summary>From 10 to 50: 0 at 10, ¼ at 20, ½ at 30, 1 at 50. Without a ramp, from 0 to 0: 1 from the start.</summary>
    [Theory]
    [InlineData(0, 10, 50, 0), InlineData(10, 10, 50, 0), InlineData(20, 10, 50, 0.25), InlineData(30, 10, 50, 0.5),
        InlineData(50, 10, 50, 1)]
    [InlineData(90, 10, 50, 1), InlineData(0, 0, 0, 1), InlineData(9, 10, 10, 0), InlineData(10, 10, 10, 1)]
    public void Ramp_HandWorkedTrace_IsStraightBetweenItsMarks(double at, double from, double to, double expected) =>
        Assert.Equal(expected, Schedules.Ramp(at, from, to), 1e-12);

    /// <summary>Ten steps, two of them warm-up: ½, 1, then ½(1 + cos(π·k/8)).</summary>
    [Theory]
    [InlineData(0, .5), InlineData(1, 1), InlineData(2, 1), InlineData(4, .853553390593), InlineData(6, .5),
        InlineData(9, .038060233744)]
    public void Cosine_HandWorkedSteps_RisesStraightAndFallsAlongAHalfCosine(long step, double expected) =>
        Assert.Equal(.4 * expected, Schedules.Cosine(step, 10, .4, .2), 1e-12);

    [Fact]
    public void Cosine_WithoutWarmUp_StartsAtThePeak() => Assert.Equal(.4, Schedules.Cosine(0, 10, .4, 0));

    [Theory]
    [InlineData(0, .25), InlineData(2, .75), InlineData(3, 1), InlineData(9, 1)]
    public void WarmUp_FourOfTenSteps_RisesByQuarters(long step, double expected) =>
        Assert.Equal(.4 * expected, Schedules.WarmUp(step, 10, .4, .4), 1e-12);

    /// <summary>
    /// A tenth of ten steps is a peak to start from; of a longer warm-up the peak is the last step, of none there is no step at
    /// the peak.
    /// </summary>
    [Theory]
    [InlineData(10, .1, 0, 1), InlineData(2, .5, 0, 1), InlineData(2, .5, 1, 4e-6), InlineData(10, .3, 2, 1),
        InlineData(10, 0, 9, 4e-6), InlineData(1, .3, 0, 4e-6)]
    public void OneCycle_EdgesOfTheWarmUp_AreNumbers(long total, double warmUp, long step, double expected) =>
        Assert.Equal(expected, Schedules.OneCycle(step, total, 1, warmUp), 1e-12);

    [Fact]
    public void AnySchedule_EveryLengthAndWarmUp_StaysAboveNothingAndUpToThePeak()
    {
        foreach (var schedule in new Func<long, long, double, double, double>[] { Schedules.OneCycle, Schedules.Cosine,
            Schedules.WarmUp })
        {
            for (long total = 1; total <= 40; total++)
            {
                foreach (var warmUp in new[] { 0, .025, .1, .3, .5, .9 })
                {
                    for (long step = 0; step < total; step++)
                        Assert.True(schedule(step, total, .4, warmUp) is > 0 and <= .4 + 1e-12, $"{step} of {total}, {warmUp}");
                }
            }
            Assert.Throws<ArgumentOutOfRangeException>(() => schedule(10, 10, .4, .1));
            Assert.Throws<ArgumentOutOfRangeException>(() => schedule(-1, 10, .4, .1));
        }
    }

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
        for (int step = 0; step < total; step++)
            Assert.InRange(Schedules.OneCycle(step, total, .1), .1 / 250_000 - 1e-15, .1 + 1e-15);
    }
}
