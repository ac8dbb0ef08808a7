using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Understudy.Cli;
using Understudy.Common;
using Understudy.Data;
using Understudy.Synthesis;
using Understudy.Tests.Training;
using Understudy.Training;
using Understudy.Training.Augmentation;

namespace Understudy.Tests.Cli;

/// <summary>From images to a generator to a synthetic set, by the command line.</summary>
[Collection("torch")]
public sealed class GanVerbTests : IDisposable
{
    private static readonly string[] Tiny =
        ["--set", "batch=8", "--set", "z_dim=16", "--set", "w_dim=16", "--set", "channel_base=256", "--set", "channel_max=16"];
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
        Assert.Contains("0.016 kimg: ", Done(["gan", "train", _data, "--out", _run, "--kimg", "0.016", .. Tiny]),
            StringComparison.Ordinal);
        Assert.Contains("0.032 kimg: ", Done("gan", "resume", _run, "--kimg", "0.032"), StringComparison.Ordinal);
        Assert.Contains("2 classes: tone 0, tone 1", Done("gan", "info", _run), StringComparison.Ordinal);
        var curves = Path.Combine(_folder, "curves.svg");
        Assert.Contains("run to 0.032 kimg", Done("gan", "curves", _run, "--out", curves), StringComparison.Ordinal);
        Assert.Contains("class head on real images: from", File.ReadAllText(curves), StringComparison.Ordinal);
        // Its own file, again.
        Done("gan", "curves", _run, "--out", curves);
        var (sheet, zip, again) =
            (Path.Combine(_folder, "sheet.png"), Path.Combine(_folder, "set.zip"), Path.Combine(_folder, "again.png"));
        Done("gan", "sheet", _run, "--out", sheet, "--columns", "3");
        Assert.Equal(new ImageShape(1, 32, 48), ImageCodec.Decode(File.ReadAllBytes(sheet), sheet).Shape);
        Assert.Contains("5 images of 1×16×16: tone 0 3, tone 1 2",
            Done("generate", _run, "--count", "5", "--seed", "4", "--out", zip), StringComparison.Ordinal);
        var set = ImageSources.Read(zip, ImageReading.AsIs, ProgressSink.None);
        Assert.Equal(["tone 0", "tone 1"], set.Classes);
        Done("generate", _run, "--remake", "syn-01-000001", "--manifest", zip, "--out", again);
        Assert.True(ImageCodec.Decode(File.ReadAllBytes(again), again).Pixels.AsSpan()
            .SequenceEqual(set[set.IndexOf("syn-01-000001")]));
        Assert.Contains("tone 0 16, tone 1 0",
            Done("generate", _run, "--counts", "tone 0=16", "--out", Path.Combine(_folder, "named")), StringComparison.Ordinal);
        Assert.Contains("tone 0 8, tone 1 8", Done("generate", _run, "--like", _data, "--out", Path.Combine(_folder, "like")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tools_OfATrainedGenerator_WriteWhatTheySay()
    {
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.016", .. Tiny]);
        var (walk, strip, mix) =
            (Path.Combine(_folder, "walk.png"), Path.Combine(_folder, "strip.png"), Path.Combine(_folder, "mix.png"));
        var said = Done("gan", "interpolate", _run, "--seeds", "3,5", "--steps", "4", "--scale", "2", "--out", walk, "--strip",
            strip, "--columns", "3");
        Assert.Contains("8 frames of 64×32; side by side: tone 0, tone 1", said, StringComparison.Ordinal);
        Assert.Equal((new ImageShape(1, 32, 64), new ImageShape(1, 64, 96)), (Shape(walk), Shape(strip)));
        said = Done("gan", "interpolate", _run, "--seeds", "4", "--through", "tone 1,tone 0,tone 1", "--no-loop", "--steps", "3",
            "--scale", "1", "--out", walk);
        Assert.Contains("7 frames of 16×16; side by side: seeds 4", said, StringComparison.Ordinal);
        said = Done("gan", "mix", _run, "--rows", "0-1", "--columns", "5,7,9", "--row-class", "tone 1", "--layers", "0-1",
            "--scale", "1", "--out", mix);
        Assert.Contains("2 rows of tone 1, 3 columns of tone 0; layers 0-1 of 0-5", said, StringComparison.Ordinal);
        Assert.Equal(new ImageShape(1, 48, 64), Shape(mix));
        Assert.Contains(PngText.Read(File.ReadAllBytes(mix)), t => t.Key == "Synthetic");

        var projected = Path.Combine(_folder, "projected");
        said = Done("gan", "project", _run, strip, "--crop", "center", "--steps", "20", "--class", "tone 1", "--out", projected);
        Assert.Contains("step     20  distance", said, StringComparison.Ordinal);
        Assert.Equal(["RESTRICTED", "comparison.png", "projected.png", "w.safetensors"],
            Directory.GetFiles(projected).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains(PngText.Read(File.ReadAllBytes(Path.Combine(projected, "comparison.png"))), t => t.Key == "Restricted");
        Assert.Equal("tone 1", SafetensorsFile.ReadMetadata(Path.Combine(projected, "w.safetensors"))["class"]);
    }

    [Fact]
    public void ExportAndImport_ThereAndBack_AreTheSameGenerator()
    {
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.016", .. Tiny]);
        string In(string name) => Path.Combine(_folder, name);
        var (exported, imported, onnx, critic, set) =
            (In("e.safetensors"), In("i.safetensors"), In("g.onnx"), In("d.safetensors"), In("set.safetensors"));
        Done("gan", "export", _run, "--out", exported);
        Done("gan", "import", exported, "--out", imported);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_run, GeneratorFile.Name)), File.ReadAllBytes(imported));
        Assert.Contains("ONNX, z 16, 2 classes", Done("gan", "export", _run, "--out", onnx, "--psi", "0.5", "--center", "class"),
            StringComparison.Ordinal);
        using (var session = new InferenceSession(onnx))
            Assert.Equal("""["tone 0","tone 1"]""", session.ModelMetadata.CustomMetadataMap["classes"]);
        Assert.Contains("of the discriminator", Done("gan", "export", _run, "--part", "discriminator", "--out", critic),
            StringComparison.Ordinal);
        Assert.NotNull(SafetensorsFile.Read(critic).Find("b4.out.weight"));
        Assert.Contains("4 images",
            Done("generate", imported, "--count", "4", "--psi", "0.5", "--center", "class", "--out", set),
                StringComparison.Ordinal);
        Assert.Equal(Center.Class, Manifest.Load(set).Sampling.Center);
        Assert.Contains("--overwrite", Run("generate", imported, "--count", "4", "--out", set).Error, StringComparison.Ordinal);
    }

    /// <summary>Half faded in, the network draws with half the label: an export has that in its weights.</summary>
    [Fact]
    public void Export_LiveWhileTheConditionFades_HasTheLabelsPartFolded()
    {
        Done(["gan", "train", _data, "--out", _run, "--kimg", "0.016", "--set", "condition_end_kimg=0.032", .. Tiny]);
        var live = Path.Combine(_folder, "live.safetensors");
        Done("gan", "export", _run, "--part", "live", "--out", live);
        var checkpoint = SafetensorsFile.Read(Path.Combine(_run, "checkpoints", "checkpoint-0000000002.safetensors"));
        float[] Row(SafetensorsEntry? entry) => MemoryMarshal.Cast<byte, float>(entry!.Data.Span)[..32].ToArray();
        var exported = SafetensorsFile.Read(live);
        var kept = Row(checkpoint.Find("generator.mapping.fc0.weight"));
        Assert.Equal([.. kept[..16], .. kept[16..].Select(w => w / 2)], Row(exported.Find("mapping.fc0.weight")));
        Assert.Equal(Row(checkpoint.Find("generator.synthesis.b4.const")), Row(exported.Find("synthesis.b4.const")));
    }

    [Theory]
    [InlineData("no generator", "gan", "import", "DATA", "--out", "x.safetensors")]
    [InlineData("no such file", "gan", "import", "missing.pt", "--out", "x.safetensors")]
    [InlineData(".safetensors or .onnx", "gan", "export", "DATA", "--out", "x.bin")]
    [InlineData("--psi, --center, --noise: become part of an ONNX model only", "gan", "export", "DATA", "--psi", "0.7", "--out",
        "x.safetensors")]
    [InlineData("--role: is about the images of a split", "gan", "train", "DATA", "--role", "holdout", "--out", "r")]
    [InlineData("is exported as .safetensors only", "gan", "export", "DATA", "--part", "discriminator", "--out", "x.onnx")]
    [InlineData("holds no arrays 'discriminator.", "gan", "export", "DATA", "--part", "discriminator", "--out", "x.safetensors")]
    [InlineData("not both", "gan", "interpolate", "DATA", "--class", "a", "--through", "a,b")]
    [InlineData("'x' is no number or range; give 0,5,7 or 0-7", "gan", "interpolate", "DATA", "--seeds", "0,x")]
    [InlineData("more than 1000 seeds", "gan", "mix", "DATA", "--rows", "0-1000")]
    [InlineData("give 4-7, or 4 for one", "gan", "mix", "DATA", "--layers", "7-4")]
    public void Tools_BadUse_IsRefused(string says, params string[] args)
    {
        var (code, _, error) = Run([.. args.Select(a => a == "DATA" ? _data : a)]);
        Assert.Equal(CommandLine.Mistake, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
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
        Assert.Equal((split.Hash, set.Subset([.. Enumerable.Range(0, 12)]).Fingerprint),
            (GanRun.Load(_run).Split, GanRun.Load(_run).Data));
        Assert.Equal(split.Hash, GeneratorFile.ReadCard(_run).Split);
    }

    [Fact]
    public void Train_DryRun_PrintsResolvedOptionsAndWritesNothing()
    {
        var printed = Done(["gan", "train", _data, "--out", _run, "-n", "--preset", "cpu-small", "--set", "ema_kimg=5"]);
        var options = StrictJson.Read<GanTrainingOptions>(printed, "printed");
        Assert.Equal((2048, 5.0, 0.0008 * 256 / 16), (options.ChannelBase, options.EmaKimg, options.Gamma));
        Assert.False(Directory.Exists(_run));
    }

    [Fact]
    public void Train_WithAJudge_SaysWhoItIs_AndResumeAndInfoRemember()
    {
        // The folder of a classifier's run.
        var judge = Directory.CreateDirectory(Path.Combine(_folder, "judge")).FullName;
        var file = TinyJudge.Write(Path.Combine(judge, "classifier.safetensors"), ImageSetFile.Load(_data).Classes);
        string[] train = ["gan", "train", _data, "--out", _run, "--kimg", "0.008", .. Tiny];
        File.WriteAllText(Path.Combine(judge, "images.csv"), "use,source,id\ntrain,data,0001\ntrain,data,0099\n");
        var (code, _, error) = Run([.. train, "--judge", judge]);
        Assert.Equal(CommandLine.Done, code);
        Assert.Contains(
            $"judge: screening of {file}, 50.0 % of its validation images right; the best snapshot is that of the least FD in "
            + "its features\n", error, StringComparison.Ordinal);
        Assert.Contains(
            "warning: the judge was trained on 1 of the 16 images that the generator learns from (by their names): it knows "
            + "these too well to measure by them. "
            + "Give it a part of its own: understudy data split --help\n", error, StringComparison.Ordinal);
        File.Delete(file);
        Done("gan", "resume", _run, "--kimg", "0.016");
        Assert.Contains($"judge        {GanRun.Load(_run).Judge![..16]}…, by whose features the best is chosen\n",
            Done("gan", "info", _run), StringComparison.Ordinal);
        (code, _, error) = Run(train);
        Assert.Equal(CommandLine.Mistake, code);
        Assert.Contains("was begun with one", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.safetensors: there is no such file or folder; give the folder of a classify train")]
    [InlineData("holds no classifier.safetensors: no classifier was trained there to the end", true)]
    public void Train_WithNoJudgeThere_IsRefusedBeforeAnyWork(string says, bool folder = false)
    {
        var (code, _,
            error) = Run(["gan", "train", _data, "--out", _run, "--judge",
                folder ? _folder : Path.Combine(_folder, "missing.safetensors")]);
        Assert.NotEqual(CommandLine.Done, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_run));
    }

    [Fact]
    public void Train_FromAnotherRun_ListsWhatWasTaken_AndResumeRemembers()
    {
        var (_, other) = (Done(["gan", "train", _data, "--out", _run, "--kimg", "0.008", .. Tiny]),
            Path.Combine(_folder, "other"));
        var (code, _, error) =
            Run(["gan", "train", _data, "--out", other, "--kimg", "0.008", "--from", _run, "--set", "frozen_blocks=1",
            "--set", "condition=scalar", "--set", "class_weight=0", .. Tiny]);
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
            "augment=bgc", "ada_target=0.6", "ada_kimg=50", "ada_ceiling=0.7",
            "condition_start_kimg=1",
            "condition_end_kimg=2", "frozen_blocks=1", "discriminator_mapping_layers=8",
        ];
        var printed = Done(
            ["gan", "train", _data, "--out", _run, "-n", "--preset", "paper-cifar",
                .. settings.SelectMany(s => new[] { "--set", s })]);
        var expected = GanTrainingOptions.Preset("paper-cifar") with
        {
            Augment = AugmentKind.Bgc,
            AdaTarget = 0.6,
            AdaKimg = 50,
            AdaCeiling = 0.7,
            ConditionStartKimg = 1,
            ConditionEndKimg = 2,
            FrozenBlocks = 1,
            DiscriminatorMappingLayers = 8,
        };
        Assert.Equal(expected.Resolve(new(1, 16, 16), 2), StrictJson.Read<GanTrainingOptions>(printed, "printed"));
        GanTrainingOptions Printed(params string[] set) => StrictJson.Read<GanTrainingOptions>(
            Done(["gan", "train", _data, "--out", _run, "-n", .. set.SelectMany(s => new[] { "--set", s })]), "printed");
        var other = Printed("fake_labels=balanced", "real_target=0.9", "augment=bgc", "augment_p=0.4");
        Assert.Equal(GanLoss.Relativistic, Printed("loss=relativistic").Loss);
        Assert.Equal((FakeLabels.Balanced, 0.9, 0.4), (other.FakeLabels, other.RealTarget, other.AugmentP));
        Assert.Equal(Condition.None, Printed("condition=none").Condition);
    }

    [Theory]
    [InlineData("did you mean 'ema_kimg'?", "--set", "emakimg=5")]
    [InlineData("'many' is no value for batch", "--set", "batch=many")]
    [InlineData("'abc' is no value for generator_class_weight, which takes a number", "--set", "generator_class_weight=abc")]
    [InlineData("batch: 0 is out of range", "--set", "batch=0")]
    [InlineData("KEY=VALUE", "--set", "batch")]
    [InlineData(
        "'rotate' is no value for augment, which is one of: none, flip, diff_augment, blit, geom, color, bg, bgc, bgcf, bgcfn, bgcfnc", "--set", "augment=rotate")]
    [InlineData("augment: the band filter needs images of 22 pixels, not 16×16; choose bgc", "--set", "augment=bgcf")]
    [InlineData("no such file; give a generator.safetensors", "--from", "nowhere")]
    [InlineData("preset: 'cpu-huge' is not known", "--preset", "cpu-huge")]
    [InlineData("minutes: -1 is out of range", "--minutes", "-1")]
    [InlineData("ada_target: 0.6 needs an augment", "--set", "ada_target=0.6")]
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
        var (code, _, error) =
            Run("generate", option == "--seed" ? _run : _run + "x", option, value, "--out", Path.Combine(_folder, "out"));
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

    private static ImageShape Shape(string path) => ImageCodec.Decode(File.ReadAllBytes(path), path).Shape;

    private static string Done(params string[] args) => CommandRun.Done(args);

    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(args);
}
