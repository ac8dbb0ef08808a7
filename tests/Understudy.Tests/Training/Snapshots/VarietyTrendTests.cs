using Understudy.Evaluation.Fidelity;
using Understudy.Training;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class VarietyTrendTests
{
    private static readonly GanTrainingOptions Head = new() { ClassWeight = 1, GeneratorClassWeight = 1 };

    [Fact]
    public void Observe_ASlowCollapse_IsSaidOnceWhenItIsSure()
    {
        // Class "sad" of the run on FER2013 that collapsed, every 20 kimg.
        double[] coverage = [.69, .91, .79, .66, .51, .37, .35, .33, .36, .25];
        var trend = new VarietyTrend(Head);
        var said = coverage.Select((c, i) => trend.Observe(20 * (i + 1), Of(("happy", .9, 200), ("sad", c, 200)))).ToList();

        var warning = Assert.Single(said, s => s is not null);
        Assert.Equal(5, said.IndexOf(warning));
        Assert.Contains("after 120 kimg", warning, StringComparison.Ordinal);
        Assert.Contains("'sad' come near 37 % of the real ones, it was 91 % after 40 kimg", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("happy", warning, StringComparison.Ordinal);
        Assert.Contains("generator_class_weight (now 1)", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Observe_OneLowMeasurementOrFewImages_IsNoTrend()
    {
        var trend = new VarietyTrend(Head);

        Assert.All(new[] { .9, .3, .8, .3, .9 }, c => Assert.Null(trend.Observe(1, Of(("noisy", c, 200), ("few", c * c, 99)))));
        Assert.All(new[] { .3, .3 }, c => Assert.Null(trend.Observe(1, Of(("few", c, 99)))));
    }

    /// <summary>Without classes there is no head, whatever its weight.</summary>
    [Theory]
    [InlineData(0, Condition.Classes)]
    [InlineData(1, Condition.None)]
    public void Observe_WithoutAClassHead_AdvisesNothingAboutIt(double weight, Condition condition)
    {
        var trend = new VarietyTrend(new() { ClassWeight = weight, Condition = condition });
        var said = new[] { .9, .3, .3 }.Select(c => trend.Observe(1, Of(("sad", c, 200)))).ToList();

        Assert.DoesNotContain("class_weight", said[2]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_CutInTwo_WarnsWhereTheWholeDoes()
    {
        using var folder = new TempFolder();
        var (first, second) = (new VarietyTrend(Head), new VarietyTrend(Head));
        foreach (var c in new[] { .9, .3 }) Assert.Null(first.Observe(1, Of(("a/b", c, 200))));
        var path = Path.Combine(folder.Path, "state");
        var (from, to) = (new TrainingState(), new TrainingState());
        first.Register(from);
        second.Register(to);
        from.Write(path, 1, new Dictionary<string, string>());
        to.Read(path);

        Assert.NotNull(second.Observe(2, Of(("a/b", .3, 200))));
    }

    private static Quality Of(params (string Name, double Coverage, int Reals)[] classes) =>
        new([.. classes.Select(c => (c.Name, new QuickFidelity(1, c.Coverage, 1, c.Reals)))]);
}
