using Understudy.Common;
using Understudy.Studies;
using Understudy.Tests.Data;

namespace Understudy.Tests.Studies;

/// <summary>What a study says early, and of each stage that is done.</summary>
public sealed class NewcomersStudyTests : IDisposable
{
    private const string Yaml = """
        name: early
        question: Does it say so in time?
        data: { source: nowhere }
        generators: { g: { preset: cpu-tiny } }
        sets: { synthetic: { generator: g, count: 10 } }
        arms: { real: { train_on: [real] } }
        classifiers: { net: { recipe: screening } }
        """;

    private readonly TempFolder _temp = new();
    private readonly CollectedProgress _progress = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Run_OneClass_IsRefusedBeforeTheGenerator()
    {
        Faces.WriteFolder(_temp["one"], Enumerable.Range(0, 2).ToDictionary(i => $"only/{i}.png", i => Faces.Png((ulong)i)));

        var e = Assert.Throws<OptionException>(() => Run("one"));
        Assert.Equal("data: has one class, 'only'; a classifier needs two", e.Message);
        Assert.StartsWith("1/", Assert.Single(_progress.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_StageThatIsDone_IsALine()
    {
        Faces.WriteFolder(_temp["two"], Enumerable.Range(0, 40).ToDictionary(i => $"c{i % 2}/{i}.png", i => Faces.Png((ulong)i)));

        Run("two");

        Assert.Collection(_progress.Lines,
            l => Assert.Matches("^1/2 read images: [0-9]", l),
            l => Assert.Matches("^2/2 split: [0-9]", l));
    }

    /// <summary>Of a generator's hours the first line that a user sees tells.</summary>
    [Fact]
    public void Run_MuchIsLeft_TheLineSaysHowMuch()
    {
        Faces.WriteFolder(_temp["two"], Enumerable.Range(0, 40).ToDictionary(i => $"c{i % 2}/{i}.png", i => Faces.Png((ulong)i)));

        // What is to train the generator is no understudy, and fails.
        Assert.Throws<StageException>(() => Run("two", "data", "split", "generator"));

        Assert.Collection(_progress.Lines,
            l => Assert.Matches("^1/3 read images: [0-9].*; the rest: about [0-9.:]+ (min|h)$", l),
            l => Assert.Matches("^2/3 split: [0-9].*; the rest: about [0-9.:]+ (min|h)$", l));
    }

    [Fact]
    public void Run_BadFile_NamesTheStudysOwnKey()
    {
        var files = new Dictionary<string, byte[]> { ["a/1.png"] = Faces.Png(1)[..60], ["b/2.png"] = Faces.Png(2) };
        Faces.WriteFolder(_temp["bad"], files);

        Assert.Equal($"{_temp["bad"]}: a/1.png is truncated or damaged; replace it, delete it, "
            + "or say data: { skip_bad: true } in the study",
            Assert.Throws<InvalidDataException>(() => Run("bad")).Message);
    }

    /// <summary>The stages that need no process of their own.</summary>
    private void Run(string data) => Run(data, "data", "split");

    private void Run(string data, params string[] kinds)
    {
        var plan = Plan.Make(StudyFile.Parse(Yaml, "early.yaml", _temp[data]), 0, InputContent.HashOf);
        new Executor(_temp["stages"], new StageCommand("false", []), 1, _progress)
            .Run([.. plan.Stages.Where(s => kinds.Contains(s.Kind))], default);
    }
}
