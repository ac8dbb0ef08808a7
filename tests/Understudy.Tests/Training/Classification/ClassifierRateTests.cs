using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

public sealed class ClassifierRateTests
{
    private static readonly ClassifierOptions s_options = ClassifierOptions.Recipe("screening") with { PeakRate = .4 };

    [Fact]
    public void At_NoScheduleGiven_IsOneCycleWithThirtyPercentWarmUp()
    {
        var rate = new ClassifierRate(s_options, 10);
        for (int step = 0; step < 10; step++) Assert.Equal(Schedules.OneCycle(step, 10, .4), rate.At(step));
        Assert.Equal(Schedules.OneCycle(3, 10, .4, .5), new ClassifierRate(s_options with { WarmUp = .5 }, 10).At(3));
        Assert.Equal(Schedules.Cosine(3, 10, .4, .5),
            new ClassifierRate(s_options with { WarmUp = .5, Schedule = RateSchedule.Cosine }, 10).At(3));
    }

    /// <summary>
    /// Epoch 2 is the best until epoch 9: cut after 5 (three worse ones), after 8 (three more), then not before 12.
    /// </summary>
    [Fact]
    public void EndEpoch_Plateau_HalvesAfterEveryThreeEpochsWithoutABetterOne()
    {
        var rate = new ClassifierRate(s_options with { Schedule = RateSchedule.Plateau, WarmUp = .02 }, 100);
        Assert.Equal([.2, .4], [rate.At(0), rate.At(1)]);
        var rates = new List<double>();
        for (int epoch = 1; epoch <= 12; epoch++)
        {
            rate.EndEpoch(epoch, best: epoch < 2 ? 1 : epoch < 9 ? 2 : 9);
            rates.Add(rate.At(50));
        }
        Assert.Equal([.4, .4, .4, .4, .2, .2, .2, .1, .1, .1, .1, .05], rates);
    }

    [Fact]
    public void EndEpoch_OtherSchedules_DoNotCare()
    {
        var rate = new ClassifierRate(s_options with { Schedule = RateSchedule.Cosine }, 100);
        var before = rate.At(50);
        for (int epoch = 1; epoch <= 12; epoch++) rate.EndEpoch(epoch, best: 1);
        Assert.Equal(before, rate.At(50));
    }
}
