using Understudy.Studies;

namespace Understudy.Tests.Studies;

public sealed class TimeLeftTests
{
    [Fact]
    public void Of_AStageAtWork_CountsWhatItHasNotDone()
    {
        var (at, waiting) = (Make("at work"), Make("waiting"));
        Stage[] all = [at, waiting];
        var costs = new CostModel("nowhere");
        var one = costs.Seconds(at, all);
        TimeSpan Left(int jobs, double worked, params Stage[] open) =>
            TimeLeft.Of(costs, all, open, jobs, s => TimeSpan.FromSeconds(s == at ? worked : 0));

        Assert.Equal(2 * one, Left(1, 0, at, waiting).TotalSeconds, 6);
        Assert.Equal(1.75 * one, Left(1, one / 4, at, waiting).TotalSeconds, 6);
        Assert.Equal(one, Left(2, one / 4, at, waiting).TotalSeconds, 6);
        // Longer than was thought: it may end any moment, and takes nothing off the others.
        Assert.Equal(one, Left(1, 3 * one, at, waiting).TotalSeconds, 6);
        Assert.Equal(0, Left(1, 0).TotalSeconds);
    }

    private static Stage Make(string name) => new(name, "select", 1, 0, $"\"{name}\"", []);
}
