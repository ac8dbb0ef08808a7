using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Tests.Studies;

public sealed class CostModelTests
{
    /// <summary>
    /// A laptop that was closed for an hour, or a process that was stopped, is no reason to expect hours of the rest.
    /// </summary>
    [Theory]
    [InlineData(10, 10)]
    [InlineData(11, 10, 12)]
    [InlineData(11, 10, 12, 3600)]
    [InlineData(10, 3600, 10)]
    [InlineData(15, 10, 20)]
    public void Seconds_AfterStagesOfTheKind_AreTheirs_WithoutThoseThatWereHeldStill(double expected, params int[] seconds)
    {
        using var folder = new TempFolder();
        for (int i = 0; i < seconds.Length; i++)
        {
            var stage = Make($"stage {i}");
            var of = Directory.CreateDirectory(folder[stage.Id]).FullName;
            File.WriteAllText(Path.Combine(of, StageFolder.SpecFile), StrictJson.Write(stage));
            File.WriteAllText(Path.Combine(of, StageFolder.TimesFile), $$"""{"seconds":{{seconds[i]}}}""");
            File.WriteAllText(Path.Combine(of, StageFolder.DoneFile), "{}");
        }
        var next = Make("next");
        Assert.Equal(expected, new CostModel(folder.Path).Seconds(next, [next]), 6);
    }

    private static Stage Make(string name) => new(name, "select", 1, 0, $"\"{name}\"", []);
}
