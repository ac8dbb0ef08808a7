using Understudy.Training;

namespace Understudy.Tests.Training;

public sealed class DivergenceAlarmTests
{
    [Theory]
    [InlineData(0.05, 0.5, 20, "differ by 5 %")]
    [InlineData(0.9, 0.01, 100, "come near 1 %")]
    [InlineData(double.NaN, 0.5, 20, "collapsed")]
    public void RequireVariety_OneClassCollapsed_NamesIt(double spread, double coverage, int reals, string expected)
    {
        var quality = new Quality([("sound", new(1, 0.9, 0.9, reals)), ("lost", new(1, coverage, spread, reals))]);
        var e = Assert.Throws<TrainingDivergedException>(() => new DivergenceAlarm(new()).RequireVariety(20_000, quality));
        Assert.Contains("class 'lost'", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("learning_rate", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e4, true), InlineData(-1e4, true), InlineData(1.001e4, false), InlineData(-1.001e4, false)]
    public void Watch_LossWithoutBound_IsNamed(double loss, bool passes)
    {
        void Watch() => new DivergenceAlarm(new()).Watch(20_000, [("generator", 1), ("discriminator", loss)], 1);
        if (passes) Watch();
        else
        {
            Assert.Contains(FormattableString.Invariant($"the loss 'discriminator' is {loss:g4}"),
                Assert.Throws<TrainingDivergedException>(Watch).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RequireVariety_LittleKnown_IsNoCollapse()
    {
        // Nothing measured; and no coverage of so few images that it may be chance.
        new DivergenceAlarm(new()).RequireVariety(20_000, new([("few", new(null, null, null, 1)), ("some", new(1, 0, 0.5, 99))]));
        Assert.Throws<TrainingDivergedException>(() =>
            new DivergenceAlarm(new()).RequireVariety(20_000, new([("more", new(1, 0, 0.5, 100))])));
    }
}
