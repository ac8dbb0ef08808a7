using Understudy.Cli;
using Understudy.Data;
using Understudy.Synthesis;
using Understudy.Tests.Training;
using Understudy.Training;

namespace Understudy.Tests.Cli;

/// <summary>What the command line leaves in folders: of a refused command nothing, of others what it says.</summary>
[Collection("torch")]
public sealed class GanRunFolderTests : IDisposable
{
    private static readonly string[] Tiny =
        [.. new[] { "batch=8", "z_dim=8", "w_dim=8", "channel_base=128", "channel_max=8" }.SelectMany(o => new[] { "--set", o })];

    private readonly TempFolder _temp = new();
    private readonly string _data, _run;

    public GanRunFolderTests()
    {
        (_data, _run) = (_temp["faces.safetensors"], _temp["run"]);
        ImageSetFile.Save(_data, TwoTones.Draw(16));
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Train_RefusedInAnothersFolder_LeavesTheRunAsItWas()
    {
        var (other, changed) = (_temp["other.safetensors"], TwoTones.Draw(24));
        ImageSetFile.Save(other, changed);
        var (own, others) = (Split("one.csv", TwoTones.Draw(16), 12), Split("two.csv", changed, 20));
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", "--split", own, .. Tiny]);
        string[] names = ["source.json", "split.csv", "options.json"];
        string[] Kept() => [.. names.Select(n => File.ReadAllText(Path.Combine(_run, n)))];
        var before = Kept();
        string[] wrong = ["gan", "train", other, "--out", _run, "--kimg", "0.016", "--split", others, .. Tiny];

        var (code, _, error) = Run(wrong);
        Assert.Equal(CommandLine.Mistake, code);
        Assert.Contains("holds a run with other options", error, StringComparison.Ordinal);
        Assert.Equal(before, Kept());
        using (RunDirectory.Open(_run))
        {
            (code, _, error) = Run(wrong);
            Assert.Equal(CommandLine.Failed, code);
            Assert.Contains("in use by another process", error, StringComparison.Ordinal);
            Assert.Equal(before, Kept());
        }
        Assert.Contains("0.016 kimg", Done("gan", "resume", _run, "--kimg", "0.016"), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_RefusedInANewFolder_LeavesNone()
    {
        var two = TwoTones.Draw(16);
        ImageSetFile.Save(_data, new(two.Classes, two.Shape, [.. two.Ids], [.. two.Labels.Select(_ => 1)], two.Pixels.ToArray()));
        var (code, _, error) = Run(["gan", "train", _data, "--out", _run, "--set", "mismatch_weight=0.5", .. Tiny]);
        Assert.Equal(CommandLine.Mistake, code);
        Assert.Contains("mismatch_weight: 0.5 needs images of two classes", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_run));
    }

    [Fact]
    public void Train_FromNetworksThatDoNotFit_TheSameFolderTakesTheMendedCommand()
    {
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", .. Tiny]);
        var other = _temp["other"];
        string[] command = ["gan", "train", _data, "--out", other, "--kimg", "0.008", "--from", _run];
        var (code, _, error) = Run([.. command, "--set", "batch=8", "--set", "w_dim=4", "--set", "channel_max=4"]);
        Assert.Equal(CommandLine.Mistake, code);
        Assert.Contains("shares no layer with this generator; give the same channel_base", error, StringComparison.Ordinal);
        Assert.Equal([".lock"], Directory.EnumerateFileSystemEntries(other).Select(Path.GetFileName));
        Assert.Contains("0.008 kimg", Done([.. command, .. Tiny]), StringComparison.Ordinal);
    }

    [Fact]
    public void ByMinutes_TheRunKeepsItsEndUntilItIsThere()
    {
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", .. Tiny]);
        var (_, _, said) = Run("gan", "resume", _run, "--kimg", "100", "--minutes", "0.01");
        Assert.Contains($"time is up; go on with: understudy gan resume {_run}", said, StringComparison.Ordinal);
        Done("gan", "resume", _run, "--minutes", "0.01");
        Assert.Equal(100, GanRun.Load(_run).Options.Kimg);
        Done(["gan", "train", _data, "--out", _run, "--minutes", "0.01", .. Tiny]);
        Assert.Equal(100, GanRun.Load(_run).Options.Kimg);
        // A run that is at its end goes on for as long as was asked.
        Done("gan", "resume", _run, "--kimg", "0.008");
        Done("gan", "resume", _run, "--minutes", "0.01");
        Assert.Equal(1e6, GanRun.Load(_run).Options.Kimg);
    }

    /// <summary>While the condition fades in, weights lack λ: the file's generator, with λ in its weights, is meant.</summary>
    [Fact]
    public void Train_Sheets_SayThatTheyAreSyntheticAndByWhichGenerator()
    {
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.016", "--set", "condition_end_kimg=0.064", .. Tiny]);
        var said = PngText.Read(File.ReadAllBytes(Path.Combine(_run, "sheets", "sheet-000000016.png")));
        using var sampler = Sampler.Load(_run);
        Assert.Equal(SyntheticMark.Of(sampler.GeneratorHash), said);
    }

    [Fact]
    public void Project_StoppedWhileItWrites_HasMarkedTheFolderAlready()
    {
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", .. Tiny]);
        var (image, folder, set) = (_temp["face.png"], _temp["projected"], TwoTones.Draw(16));
        File.WriteAllBytes(image, ImageCodec.EncodePng(set[0], set.Shape));
        // A folder is where the first picture is to be.
        Directory.CreateDirectory(Path.Combine(folder, "projected.png"));
        var (code, _, error) = Run("gan", "project", _run, image, "--steps", "20", "--class", "tone 1", "--out", folder);
        Assert.Equal(CommandLine.Failed, code);
        Assert.Contains("projected.png", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "RESTRICTED")));
    }

    [Fact]
    public void ClassNamesWithCommas_CanBeGivenOneByOne()
    {
        var two = TwoTones.Draw(16);
        ClassNames classes = new(["calm, quiet", "loud"]);
        ImageSetFile.Save(_data, new(classes, two.Shape, [.. two.Ids], [.. two.Labels], two.Pixels.ToArray()));
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", .. Tiny]);
        var (set, plain, named) = (_temp["set.safetensors"], _temp["plain.safetensors"], _temp["named.safetensors"]);
        var said = Done("generate", _run, "--counts", "loud=1", "--counts", "calm, quiet=2", "--out", set);
        Assert.Contains("calm, quiet 2, loud 1", said, StringComparison.Ordinal);
        string[] through = ["--through", "calm, quiet", "--through", "loud", "--no-loop", "--steps", "4", "--scale", "1"];
        said = Done(["gan", "interpolate", _run, "--seeds", "4", .. through, "--out", _temp["walk.png"]]);
        Assert.Contains("5 frames of 16×16", said, StringComparison.Ordinal);
        Done("gan", "export", _run, "--out", plain);
        Done("gan", "import", plain, "--classes", "not, so loud", "--classes", "loud", "--out", named);
        Assert.Equal(["not, so loud", "loud"], GeneratorFile.ReadCard(named).Classes);
    }

    /// <summary>A split whose first images are the generator's.</summary>
    private string Split(string name, ImageSet set, int first)
    {
        new Split(set.Ids.Select((id, i) => KeyValuePair.Create(id, i < first ? Role.Generator : Role.Test))).Save(_temp[name]);
        return _temp[name];
    }

    private static string Done(params string[] args) => CommandRun.Done(args);

    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(args);
}
