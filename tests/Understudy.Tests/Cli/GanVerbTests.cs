using Understudy.Cli;
using Understudy.Common;
using Understudy.Data;
using Understudy.Tests.Training;
using Understudy.Training;
using Understudy.Training.Augmentation;

namespace Understudy.Tests.Cli;

/// <summary>From images to a generator to a synthetic set, by the command line.</summary>
[Collection("torch")]
public sealed class GanVerbTests : IDisposable
{
    private static readonly string[] Tiny = ["--set", "batch=8", "--set", "z_dim=16", "--set", "w_dim=16", "--set", "channel_base=256", "--set", "channel_max=16"];
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-cli-gan-").FullName;
    private readonly string _data;
    private readonly string _run;

    public GanVerbTests()
    {
        (_data, _run) = (Path.Combine(_folder, "faces.safetensors"), Path.Combine(_folder, "run"));
        ImageSetFile.Save(_data, TwoTones.Draw(16));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TrainResumeInfoSheetGenerateRemake_OneAfterAnother_Work()
    {
        Assert.Contains("0.016 kimg: ", Done(["gan", "train", _data, "--out", _run, "--kimg", "0.016", .. Tiny]), StringComparison.Ordinal);
        Assert.Contains("0.032 kimg: ", Done("gan", "resume", _run, "--kimg", "0.032"), StringComparison.Ordinal);
        Assert.Contains("2 classes: tone 0, tone 1", Done("gan", "info", _run), StringComparison.Ordinal);
        var (sheet, zip, again) = (Path.Combine(_folder, "sheet.png"), Path.Combine(_folder, "set.zip"), Path.Combine(_folder, "again.png"));
        Done("gan", "sheet", _run, "--out", sheet, "--columns", "3");
        Assert.Equal(new ImageShape(1, 32, 48), ImageCodec.Decode(File.ReadAllBytes(sheet), sheet).Shape);
        Assert.Contains("5 images of 1×16×16: tone 0 3, tone 1 2", Done("generate", _run, "--count", "5", "--seed", "4", "--out", zip), StringComparison.Ordinal);
        var set = ImageSources.Read(zip, ImageReading.AsIs, ProgressSink.None);
        Assert.Equal(["tone 0", "tone 1"], set.Classes);
        Done("generate", _run, "--remake", "syn-01-000001", "--manifest", zip, "--out", again);
        Assert.True(ImageCodec.Decode(File.ReadAllBytes(again), again).Pixels.AsSpan().SequenceEqual(set[set.IndexOf("syn-01-000001")]));
        Assert.Contains("tone 0 16, tone 1 0", Done("generate", _run, "--counts", "tone 0=16", "--out", Path.Combine(_folder, "named")), StringComparison.Ordinal);
        Assert.Contains("tone 0 8, tone 1 8", Done("generate", _run, "--like", _data, "--out", Path.Combine(_folder, "like")), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithASplit_TrainsOnItsRoleOnly_AndRecordsItsHash()
    {
        var set = ImageSetFile.Load(_data);
        var split = new Split(set.Ids.Select((id, i) => KeyValuePair.Create(id, i < 12 ? Role.Generator : Role.Test)));
        var path = Path.Combine(_folder, "split.csv");
        split.Save(path);
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", "--split", path, .. Tiny]);
        File.Delete(path);
        Done("gan", "resume", _run, "--kimg", "0.016");
        Assert.Equal((split.Hash, set.Subset([.. Enumerable.Range(0, 12)]).Fingerprint), (GanRun.Load(_run).Split, GanRun.Load(_run).Data));
        Assert.Equal(split.Hash, GeneratorFile.ReadCard(_run).Split);
    }

    [Fact]
    public void Train_DryRun_PrintsResolvedOptionsAndWritesNothing()
    {
        var printed = Done(["gan", "train", _data, "--out", _run, "-n", "--preset", "cpu-small", "--set", "ema_kimg=5"]);
        var options = StrictJson.Read<GanTrainingOptions>(printed, "printed");
        Assert.Equal((2048, 5.0, 0.0002 * 256 / 32), (options.ChannelBase, options.EmaKimg, options.Gamma));
        Assert.False(Directory.Exists(_run));
    }

    [Fact]
    public void Train_FromAnotherRun_ListsWhatWasTaken_AndResumeRemembers()
    {
        var (_, other) = (Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", .. Tiny]), Path.Combine(_folder, "other"));
        var (code, _, error) = Run(["gan", "train", _data, "--out", other, "--kimg", "0.008", "--from", _run, "--set", "frozen_blocks=1",
            "--set", "condition=scalar", .. Tiny]);
        Assert.Equal(CommandLine.Done, code);
        Assert.Matches("generator: [0-9]+ of [0-9]+ arrays taken; new mapping.embed.weight\\n", error);
        Assert.Contains("discriminator: ", error, StringComparison.Ordinal);
        Assert.Contains("warning: condition: scalar", error, StringComparison.Ordinal);
        Done("gan", "resume", other, "--kimg", "0.016");
        Assert.Equal(TransferSource.Of(_run), GanRun.Load(other).From);
    }

    [Fact]
    public void Train_EveryOptionByName_IsUnderstood()
    {
        string[] settings =
        [
            "loss=relativistic", "augment=bgc", "augment_p=0.4", "ada_target=0.6", "ada_kimg=50", "ada_ceiling=0.7", "condition_start_kimg=1",
            "condition_end_kimg=2", "frozen_blocks=1", "discriminator_mapping_layers=8",
        ];
        var printed = Done(["gan", "train", _data, "--out", _run, "-n", "--preset", "paper-cifar", .. settings.SelectMany(s => new[] { "--set", s })]);
        var expected = GanTrainingOptions.Preset("paper-cifar") with
        {
            Loss = GanLoss.Relativistic,
            Augment = AugmentKind.Bgc,
            AugmentP = 0.4,
            AdaTarget = 0.6,
            AdaKimg = 50,
            AdaCeiling = 0.7,
            ConditionStartKimg = 1,
            ConditionEndKimg = 2,
            FrozenBlocks = 1,
            DiscriminatorMappingLayers = 8,
        };
        Assert.Equal(expected.Resolve(new(1, 16, 16), 2), StrictJson.Read<GanTrainingOptions>(printed, "printed"));
        var other = StrictJson.Read<GanTrainingOptions>(
            Done("gan", "train", _data, "--out", _run, "-n", "--set", "fake_labels=balanced", "--set", "real_target=0.9", "--set", "condition=none"), "printed");
        Assert.Equal((FakeLabels.Balanced, 0.9, Condition.None), (other.FakeLabels, other.RealTarget, other.Condition));
    }

    [Theory]
    [InlineData("did you mean 'ema_kimg'?", "--set", "emakimg=5")]
    [InlineData("'many' is no value for batch", "--set", "batch=many")]
    [InlineData("batch: 0 is out of range", "--set", "batch=0")]
    [InlineData("KEY=VALUE", "--set", "batch")]
    [InlineData("'rotate' is no value for augment, which is one of: none, flip, diff_augment, blit, geom, color, bg, bgc, bgcf, bgcfn, bgcfnc", "--set", "augment=rotate")]
    [InlineData("augment: the band filter needs images of 22 pixels, not 16×16; choose bgc", "--set", "augment=bgcf")]
    [InlineData("no such file; give a generator.safetensors", "--from", "nowhere")]
    [InlineData("preset: 'cpu-huge' is not known", "--preset", "cpu-huge")]
    [InlineData("minutes: -1 is out of range", "--minutes", "-1")]
    [InlineData("resolution: 20 is not supported", "--size", "20")]
    public void Train_BadOption_IsRefusedByNameBeforeAnyWork(string says, string option, string value)
    {
        var (code, _, error) = Run("gan", "train", _data, "--out", _run, option, value);
        Assert.Equal(CommandLine.Mistake, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_run));
    }

    [Theory]
    [InlineData("give one of --count", "--seed", "1")]
    [InlineData("no such file", "--count", "5")]
    [InlineData("--manifest", "--remake", "syn-00-000000")]
    public void Generate_BadUse_IsRefused(string says, string option, string value)
    {
        if (option == "--seed") Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", .. Tiny]);
        var (code, _, error) = Run("generate", option == "--seed" ? _run : _run + "x", option, value, "--out", Path.Combine(_folder, "out"));
        Assert.Equal(CommandLine.Mistake, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3,4", new[] { 3, 4 })]
    [InlineData("b=4", new[] { 0, 4 })]
    [InlineData(" a = 1 , b = 2", new[] { 1, 2 })]
    public void Counts_ByOrderOrName_AreUnderstood(string text, int[] expected) =>
        Assert.Equal(expected, Understudy.Cli.Verbs.GenerateVerb.Parse(text, new(["a", "b"])));

    [Theory]
    [InlineData("1")]
    [InlineData("c=1")]
    [InlineData("a=-1")]
    [InlineData("a=1,2")]
    [InlineData("a=x")]
    public void Counts_Others_AreRefused(string text) =>
        Assert.Throws<OptionException>(() => Understudy.Cli.Verbs.GenerateVerb.Parse(text, new(["a", "b"])));

    [Fact]
    public void Resume_OtherImages_IsRefused()
    {
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", .. Tiny]);
        ImageSetFile.Save(_data, TwoTones.Draw(24));
        var (code, _, error) = Run("gan", "resume", _run);
        Assert.Equal(CommandLine.Mistake, code);
        Assert.Contains("is not what", error, StringComparison.Ordinal);
    }

    private static string Done(params string[] args)
    {
        var (code, output, error) = Run(args);
        Assert.True(code == CommandLine.Done, error);
        return output;
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = CommandLine.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
