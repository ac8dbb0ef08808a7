using Understudy.Evaluation;

namespace Understudy.Tests.Evaluation;

public sealed class RescoringTests
{
    private static readonly Predictions Test = new(["x", "y"], ["a", "b", "c", "d"], [0, 1, 0, 1],
        new float[,] { { .9f, .1f }, { .2f, .8f }, { .3f, .7f }, { .6f, .4f } });

    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void Apply_LeftOut_KeepsTheOthersWithTheirRows()
    {
        var kept = new Rescoring("r", "d", new Dictionary<string, string> { ["b"] = "copy", ["elsewhere"] = "copy" }).Apply(Test);

        Assert.Equal(["a", "c", "d"], kept.Ids);
        Assert.Equal([0, 0, 1], kept.Labels);
        Assert.Equal([.9f, .3f, .6f], Enumerable.Range(0, 3).Select(i => kept.Probabilities[i, 0]));
    }

    [Fact]
    public void Apply_Labels_ReplacesThemByName()
    {
        var rescored = new Rescoring("r", "d", new Dictionary<string, string> { ["a"] = "tie" },
            new Dictionary<string, string> { ["b"] = "x", ["c"] = "y", ["d"] = "y" }).Apply(Test);

        Assert.Equal(["b", "c", "d"], rescored.Ids);
        Assert.Equal([0, 1, 1], rescored.Labels);
    }

    [Fact]
    public void Apply_NothingLeft_SaysSo() =>
        Assert.Equal("r: no test image is left of 4; are the images of one data set, and their ids the same?",
        Assert.Throws<InvalidDataException>(() =>
            new Rescoring("r", "d", Test.Ids.ToDictionary(i => i, _ => "copy")).Apply(Test)).Message);

    [Theory]
    [InlineData("z", "r: image 'a' is labelled 'z', which is none of [x, y]")]
    [InlineData(null, "r: image 'a' has no label; are these the labels of this data set?")]
    public void Apply_LabelThatIsNone_NamesTheImage(string? label, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() =>
        new Rescoring("r", "d", None, label is null ? None : new Dictionary<string, string> { ["a"] = label })
            .Apply(Test)).Message);

    [Fact]
    public void And_Two_LeavesOutWhatEitherDoes()
    {
        var both = new Rescoring("by votes", "V.", new Dictionary<string, string> { ["a"] = "tie" },
            new Dictionary<string, string> { ["b"] = "x", ["c"] = "x", ["d"] = "x" })
            .And(new("without copies", "C.", new Dictionary<string, string> { ["a"] = "copy", ["b"] = "copy" }));

        Assert.Equal("by votes, without copies", both.Name);
        Assert.Equal(["c", "d"], both.Apply(Test).Ids);
        Assert.Equal([0, 0], both.Apply(Test).Labels);
        Assert.Equal([("copy", 1), ("tie", 1)], both.Counts(Test));
    }
}
