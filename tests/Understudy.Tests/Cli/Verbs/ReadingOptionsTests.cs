using System.CommandLine;
using Parquet.Schema;
using Understudy.Cli;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Tests.Data;
using Understudy.Training;

namespace Understudy.Tests.Cli.Verbs;

/// <summary>Verbs that take images take any form of them, by the same options.</summary>
public sealed class ReadingOptionsTests : IDisposable
{
    private static readonly string[] Moods = ["sad", "happy", "sad", "happy", "sad", "happy"];
    private readonly TempFolder _folder = new();
    private readonly string _faces;

    public ReadingOptionsTests()
    {
        _faces = _folder["faces.parquet"];
        var label = new DataField<string>("mood");
        byte[][] images = [.. Enumerable.Range(0, 6).Select(ParquetFiles.Png)];
        File.WriteAllBytes(_faces, ParquetFiles.Write(images, label, g => g.WriteAsync(label, Moods), image: "face"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data describe")]
    [InlineData("data import")]
    [InlineData("data split")]
    [InlineData("doctor")]
    [InlineData("gan train")]
    [InlineData("generate")]
    [InlineData("classify train")]
    [InlineData("classify test")]
    [InlineData("classify predict")]
    [InlineData("evaluate")]
    public void Options_OfEveryVerbThatTakesImages_AreTheSame(string verb)
    {
        var command = verb.Split(' ').Aggregate(CommandLine.Create(), (c, name) => c.Subcommands.Single(s => s.Name == name));
        var doctor = CommandLine.Create().Subcommands.Single(s => s.Name == "doctor");
        foreach (var name in (string[])["--skip-bad", "--image-column", "--label-column"])
            Assert.Equal(Described(doctor, name), Described(command, name));

        static string? Described(Command of, string name) => of.Options.Single(o => o.Name == name).Description;
    }

    [Fact]
    public void GanTrain_OfParquet_TakesTheNamedColumn()
    {
        string[] train = ["gan", "train", _faces, "--out", _folder["run"], "-n", "--size", "16", "--crop", "center"];
        Assert.Contains("--label-column", Run(train).Error, StringComparison.Ordinal);
        var (code, output, error) = Run([.. train, "--label-column", "mood"]);
        Assert.True(code == CommandLine.Done, error);
        var expected = GanTrainingOptions.Preset("cpu-tiny").Resolve(new(1, 16, 16), 2);
        Assert.Equal(expected, StrictJson.Read<GanTrainingOptions>(output, "printed"));
    }

    [Fact]
    public void Evaluate_DataOfParquet_TakesTheNamedColumn()
    {
        var set = ImageSources.Read(_faces, ImageReading.AsIs with { LabelColumn = "mood" }, ProgressSink.None);
        var p = _folder["p.csv"];
        new Predictions([.. set.Classes], [.. set.Ids], [.. set.Labels],
            new float[,] { { .9f, .1f }, { .2f, .8f }, { .3f, .7f }, { .6f, .4f }, { .6f, .4f }, { .6f, .4f } }).Save(p);
        string[] evaluate = ["evaluate", p, "--data", _faces, "--bootstrap", "100"];
        Assert.Equal(CommandLine.Mistake, Run(evaluate).Code);
        var (code, output, error) = Run([.. evaluate, "--label-column", "mood"]);
        Assert.True(code == CommandLine.Done, error);
        Assert.Contains("without copies", output, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(args);
}
