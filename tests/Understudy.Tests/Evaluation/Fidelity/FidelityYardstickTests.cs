using Understudy.Common;
using Understudy.Evaluation;
using Understudy.Evaluation.Fidelity;
using Understudy.Evaluation.Numerics;

namespace Understudy.Tests.Evaluation.Fidelity;

public sealed class FidelityYardstickTests
{
    private const int Images = 200, Dimension = 6;

    [Fact]
    public void Measure_TheRealsThemselves_IsPerfect()
    {
        var (real, yardstick) = Yardstick();
        var q = yardstick.Measure(real);
        Assert.Equal(0, q.Fd!.Value, 1e-4);
        Assert.Equal(1, q.Coverage);
        Assert.Equal(1, q.Spread!.Value, 1e-9);
    }

    [Fact]
    public void Measure_TheRealsMoved_IsTheSquareOfTheWay()
    {
        var (real, yardstick) = Yardstick();
        var q = yardstick.Measure(Of(real, v => v + 3));
        Assert.Equal(9.0 * Dimension, q.Fd!.Value, 1e-3);
        Assert.Equal(1, q.Spread!.Value, 1e-6);
    }

    [Fact]
    public void Measure_TheRealsShrunk_HaveThatSpread()
    {
        var (real, yardstick) = Yardstick();
        Assert.Equal(0.05, yardstick.Measure(Of(real, v => v * 0.05f)).Spread!.Value, 1e-6);
    }

    [Fact]
    public void Measure_OneImageOverAndOver_CoversNothing()
    {
        var (real, yardstick) = Yardstick();
        var q = yardstick.Measure(Of(real, _ => 0));
        Assert.Equal((0.0, 0.0), (q.Coverage!.Value, q.Spread!.Value));
        Assert.True(q.Fd > 0);
    }

    [Fact]
    public void Measure_FewReals_LeavesOutWhatTheyDoNotSupport()
    {
        var pca = Pca.Fit(Draw("all", Images), Dimension);
        var few = Draw("few", 5);
        Assert.Equal((null, null), (new FidelityYardstick(few, pca).Measure(few) is var q ? q.Fd : 0, q.Coverage));
        Assert.Null(new FidelityYardstick(Draw("one", 1), pca).Measure(Draw("one", 1)).Spread);
    }

    private static (Features Real, FidelityYardstick Yardstick) Yardstick()
    {
        var real = Draw("all", Images);
        return (real, new(real, Pca.Fit(real, Dimension)));
    }

    private static Features Draw(string name, int count)
    {
        var random = new KeyedRandom(1, name);
        return new([.. Enumerable.Range(0, count * Dimension).Select(_ => (float)random.Normal())], Dimension);
    }

    private static Features Of(Features features, Func<float, float> change) =>
        new([.. Enumerable.Range(0, features.Count).SelectMany(i => features[i].ToArray()).Select(change)], features.Dimension);
}
