using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

public sealed class BestEpochTests
{
    [Fact]
    public void Take_EqualAccuracy_GoesByNllAndThenByWhichCameFirst()
    {
        var best = new BestEpoch();
        Assert.True(best.Take(1, new(.5, 1)));
        Assert.False(best.Take(2, new(.4, .1)));
        Assert.True(best.Take(3, new(.5, .9)));
        Assert.False(best.Take(4, new(.5, .9)));
        Assert.Equal((3, new ValidationScore(.5, .9)), (best.Epoch, best.Score));
        var options = ClassifierOptions.For("screening") with { Patience = 2 };
        Assert.Equal([false, true], new[] { 4, 5 }.Select(e => best.LostPatience(e, options)));
        Assert.False(best.LostPatience(100, options with { Patience = 0 }));
    }

    [Theory]
    [InlineData(10, 3, new long[] { 4, 7, 10 })]
    [InlineData(6, 6, new long[] { 1, 2, 3, 4, 5, 6 })]
    public void EpochClock_StepsThatEpochsDoNotDivide_EndsThemAsEvenlyAsItCan(long steps, int epochs, long[] ends)
    {
        var clock = new EpochClock(steps, epochs);
        Assert.Equal(ends, Enumerable.Range(1, (int)steps).Select(s => (long)s).Where(clock.EndsEpoch));
    }
}
