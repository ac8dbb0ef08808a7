using Understudy.Studies;

namespace Understudy.Tests.Studies;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(1, 36)]
    [InlineData(2, 25)]     // two generators at once: 5 and 20; what the first feeds runs beside the second
    [InlineData(9, 25)]
    public void Seconds_TwoGenerators_CountsWhatRunsAtOnce(int jobs, double seconds)
    {
        Stage[] stages = [Make("small", []), Make("large", []), Make("s1", ["small"]), Make("s2", ["small"]),
            Make("l1", ["large"])];
        var takes = new Dictionary<string, double> { ["small"] = 5, ["large"] = 20, ["s1"] = 3, ["s2"] = 3, ["l1"] = 5 };

        Assert.Equal(seconds, Schedule.Seconds(stages, jobs, s => takes[s.Label]));
    }

    [Fact]
    public void Seconds_InputThatIsNoStageOfThese_IsDone() =>
        Assert.Equal(2, Schedule.Seconds([Make("rest", ["gone"])], 2, _ => 2));

    [Fact]
    public void Seconds_SameWorkTwice_IsDoneOnce() =>
        Assert.Equal(3, Schedule.Seconds([Make("a", []), Make("a", [])], 1, _ => 3));

    [Fact]
    public void Seconds_Nothing_TakesNoTime() => Assert.Equal(0, Schedule.Seconds([], 2, _ => 1));

    private static Stage Make(string name, string[] inputs) =>
        new(name, "select", 1, 0, $"\"{name}\"", [.. inputs.Select(i => new StageInput(i, Make(i, []).Id))]);
}
