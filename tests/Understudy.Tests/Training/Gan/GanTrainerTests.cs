using TorchSharp;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.StyleGan2;
using Understudy.Training;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class GanTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-gan-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Everything switched on, as small as it goes: six steps of 8.</summary>
    private static GanTrainingOptions Everything { get; } = TinyGan.Small with
    {
        Kimg = 0.048,
        StddevGroup = 4,
        R1Interval = 2,
        PathLengthInterval = 2,
        MixingProbability = 0.9,
        EmaKimg = 0.05,
        AdaTarget = 0.1,
        AdaKimg = 0.1,
        TickKimg = 0.016,
        SnapshotKimg = 0.032,
    };

    [Fact]
    public void Train_CancelledAndTakenUpAgain_EqualsTheUnbrokenRunToTheLastByte()
    {
        var data = TwoTones.Draw();
        var (whole, broken) = (Path.Combine(_folder, "whole"), Path.Combine(_folder, "broken"));
        GanTrainer.Train(data, Everything, whole, 7, ProgressSink.None, default);
        foreach (var after in new[] { 3, 1 })
        {
            using var cancel = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() =>
                GanTrainer.Train(data, Everything, broken, 7, new CancelAfter(cancel, after), cancel.Token));
        }
        var result = GanTrainer.Train(data, Everything, broken, 7, ProgressSink.None, default);
        Assert.Equal((48, true), (result.Images, result.Complete));
        AssertSameFiles(whole, broken);
    }

    /// <summary>
    /// Every option that changes what a step does, interrupted in the middle: controller, fade, pairs, frozen blocks and the
    /// rest.
    /// </summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void Train_OtherOptionsInterrupted_EqualTheUnbrokenRun(string variant)
    {
        var (data, options) = (TwoTones.Draw(64, 32), s_variants[variant]);
        var (whole, broken) = (Path.Combine(_folder, "whole"), Path.Combine(_folder, "broken"));
        var from = options.FrozenBlocks > 0 ? StartOf(data) : null;
        GanTrainer.Train(data, options, whole, 7, ProgressSink.None, default, from: from);
        using var cancel = new CancellationTokenSource();
        var stop = new CancelAfter(cancel, (int)(options.Kimg * 1000 / 8) - 1);
        Assert.Throws<OperationCanceledException>(
            () => GanTrainer.Train(data, options, broken, 7, stop, cancel.Token, from: from));
        GanTrainer.Train(data, options, broken, 7, ProgressSink.None, default, from: from);
        AssertSameFiles(whole, broken, (int)Math.Round(options.Kimg * 1000));
        var ticks = RunDirectory.ReadStats(Path.Combine(whole, "stats.jsonl")).ToList();
        Assert.All(ticks.SelectMany(t => t), v => Assert.True(double.IsFinite(v.Value), v.Key));
        Assert.Equal(variant.StartsWith("pairs", StringComparison.Ordinal), ticks[^1].ContainsKey("loss/r2"));
        Assert.Equal(variant.StartsWith("mismatch", StringComparison.Ordinal), ticks[^1].ContainsKey("loss/mismatch"));
        Assert.Equal(variant.Contains("fade", StringComparison.Ordinal), ticks[^1].ContainsKey("condition"));
        if (options.AdaTarget == 0.001)
        {
            // From 0, which no fixed p begins at, by the controller's small steps.
            Assert.Equal(0, ticks[0]["augment/p"]);
            Assert.True(ticks[^1]["augment/p"] is > 0 and < 0.7, $"p {string.Join(", ", ticks.Select(t => t["augment/p"]))}, "
                + $"signs {string.Join(", ", ticks.Select(t => t["sign/real"]))}");
        }
    }

    /// <summary>Networks to start from, as what is frozen needs them.</summary>
    private TransferSource StartOf(ImageSet data)
    {
        var start = Path.Combine(_folder, "start");
        GanTrainer.Train(data, Small with { Kimg = 0.008 }, start, 3, ProgressSink.None, default);
        return TransferSource.Of(start);
    }

    private static readonly Dictionary<string, GanTrainingOptions> s_variants = new()
    {
        // No penalty and a large step, so that the discriminator is sure enough for p to rise at the second adjustment.
        ["bgcfnc by the controller"] = Small with
        {
            Augment = AugmentKind.Bgcfnc,
            Kimg = 0.08,
            AdaTarget = 0.001,
            AdaKimg = 0.1,
            LearningRate = 0.02,
            Gamma = 0
        },
        ["pairs, fade, frozen"] =
            Small with
            {
                Loss = GanLoss.Relativistic,
                AdaTarget = 0,
                ConditionStartKimg = 0.016,
                ConditionEndKimg = 0.032,
                FrozenBlocks = 1
            },
        ["smoothed, balanced, deep, scalar"] = Small with
        {
            RealTarget = 0.9,
            FakeLabels = FakeLabels.Balanced,
            DiscriminatorMappingLayers = 2,
            Condition = Condition.Scalar,
            Augment = AugmentKind.Bgc,
            AdaTarget = 0,
            AugmentP = 0.5,
        },
        ["mismatch, head for the discriminator alone"] =
            Small with { MismatchWeight = 0.5, ClassWeight = 1, GeneratorClassWeight = 0 },
        ["fade with a class head"] = Small with { ConditionEndKimg = 0.1, ClassWeight = 0.5, Augment = AugmentKind.Blit },
    };

    public static TheoryData<string> Variants => [.. s_variants.Keys];

    private static GanTrainingOptions Small => Everything with { ZDim = 8, WDim = 8, ChannelBase = 256, ChannelMax = 8 };

    [Fact]
    public void Train_KilledInMidCheckpointAndTick_LosesNothing()
    {
        var data = TwoTones.Draw();
        var (whole, killed) = (Path.Combine(_folder, "whole"), Path.Combine(_folder, "killed"));
        GanTrainer.Train(data, Everything, whole, 7, ProgressSink.None, default);
        GanTrainer.Train(data, Everything, killed, 7, ProgressSink.None, default);
        var newest = new Checkpoints(Path.Combine(killed, "checkpoints")).All[0].Path;
        File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..^100]);
        File.WriteAllText(newest + ".partial", "half a file");
        File.AppendAllText(Path.Combine(killed, "stats.jsonl"), "{\"step\":6");
        GanTrainer.Train(data, Everything, killed, 7, ProgressSink.None, default);
        AssertSameFiles(whole, killed);
    }

    [Theory]
    [InlineData(16, 1, 1)]
    [InlineData(32, 3, 2)]
    [InlineData(48, 1, 3)]
    [InlineData(64, 1, 2)]
    public void Train_SizesChannelsAndClasses_WriteGeneratorSheetAndStats(int size, int channels, int classes)
    {
        var data = TwoTones.Draw(12, size, channels, classes);
        var options = Everything with { Kimg = 0.008, Batch = 4, ChannelBase = 512, ChannelMax = 8 };
        var result = GanTrainer.Train(data, options, _folder, 1, ProgressSink.None, default);
        var (generator, card) = GeneratorFile.Load(_folder);
        using (generator)
        {
            Assert.Equal((size, channels, classes > 1 ? classes : 0),
                (generator.Options.Resolution, generator.Options.Channels, generator.Options.LabelDim));
        }
        Assert.Equal(data.Classes, card.Classes);
        Assert.Equal((8, data.Fingerprint), (card.Images, card.Data));
        var sheet = ImageCodec.Decode(File.ReadAllBytes(Path.Combine(_folder, "sheets", "sheet-000000008.png")), "sheet").Shape;
        Assert.Equal((size * (classes > 1 ? classes : 4), size * 10), (sheet.Height, sheet.Width));
        var last = RunDirectory.ReadStats(Path.Combine(_folder, "stats.jsonl")).Last();
        Assert.Equal(0.008, last["kimg"]);
        foreach (var key in new[] { "loss/generator", "loss/discriminator_real", "loss/discriminator_fake", "loss/r1",
            "loss/path_length", "sign/real" })
        {
            Assert.True(double.IsFinite(last[key]), key);
        }
    }

    [Fact]
    public void Train_OtherDataOrOptionsInTheSameFolder_IsRefused()
    {
        var options = Everything with { Kimg = 0.008 };
        GanTrainer.Train(TwoTones.Draw(), options, _folder, 7, ProgressSink.None, default);
        var e = Assert.Throws<OptionException>(() =>
            GanTrainer.Train(TwoTones.Draw(), options with { Batch = 4 }, _folder, 7, ProgressSink.None, default));
        Assert.Contains("\"batch\": 8 there, \"batch\": 4 now", e.Message, StringComparison.Ordinal);
        Assert.Throws<OptionException>(() =>
            GanTrainer.Train(TwoTones.Draw(40), options, _folder, 7, ProgressSink.None, default));
        Assert.Throws<OptionException>(() => GanTrainer.Train(TwoTones.Draw(), options, _folder, 8, ProgressSink.None, default));
        Assert.Equal(16,
            GanTrainer.Train(TwoTones.Draw(), options with { Kimg = 0.016 }, _folder, 7, ProgressSink.None, default).Images);
    }

    [Fact]
    public void Train_MismatchWithImagesOfOneClass_IsRefusedBeforeAnyWork()
    {
        var two = TwoTones.Draw();
        var one = new ImageSet(two.Classes, two.Shape, [.. two.Ids], [.. two.Labels.Select(_ => 1)],
            [.. Enumerable.Range(0, two.Count).SelectMany(i => two[i].ToArray())]);
        var e = Assert.Throws<OptionException>(() =>
            GanTrainer.Train(one, Everything with { MismatchWeight = 0.5 }, _folder, 7, ProgressSink.None, default));
        Assert.Equal(
            "mismatch_weight: 0.5 needs images of two classes at least; all of these are of 'tone 1': give more, or "
            + "mismatch_weight 0", e.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void Step_Many_LeavesNoTensorBehind()
    {
        var data = TwoTones.Draw();
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, Everything.Resolve(data.Shape, 2), 1);
        for (int i = 0; i < 4; i++) session.Step();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 8; i++) session.Step();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Step_WeightsThatAreNoNumbers_StopTheRunWithAReason()
    {
        var data = TwoTones.Draw();
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, Everything.Resolve(data.Shape, 2), 1);
        session.Step();
        using (no_grad()) session.Live.named_parameters().First().parameter.fill_(float.NaN);
        var e = Assert.Throws<TrainingDivergedException>(() => { for (int i = 0; i < 3; i++) session.Step(); });
        Assert.Contains("NaN", e.Message, StringComparison.Ordinal);
        Assert.Contains("learning_rate", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_TwoTones_LearnsWhichClassIsWhich()
    {
        var data = TwoTones.Draw(256);
        var options = TinyGan.Small with { Kimg = 0.8, EmaKimg = 0.1, Augment = AugmentKind.None, SnapshotKimg = 100 };
        GanTrainer.Train(data, options, _folder, 3, ProgressSink.None, default);
        var (generator, _) = GeneratorFile.Load(_folder);
        using var scope = NewDisposeScope();
        using (generator)
        using (no_grad())
        {
            for (int label = 0; label < 2; label++)
            {
                var ws = generator.Map(new Keys(9).Normal("z", label, 64, 16),
                    LabelEncoding.OneHot([.. Enumerable.Repeat(label, 64)], 2));
                var mean = Pixels.ToBytes(generator.Synthesize(ws, NoiseMode.Const)).Average(b => (double)b);
                Assert.InRange(mean, TwoTones.Tone(label, 2) - 20, TwoTones.Tone(label, 2) + 20);
            }
        }
    }

    private static void AssertSameFiles(string expected, string actual, int images = 48)
    {
        string[] names =
        [
            "stats.jsonl", "generator.safetensors", "options.json", "sheets/sheet-000000032.png", $"sheets/sheet-{images:d9}.png",
            $"checkpoints/checkpoint-{images / 8:d10}.safetensors",
        ];
        foreach (var name in names)
            Assert.True(File.ReadAllBytes(Path.Combine(expected, name)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(actual, name))), name);
    }

    [Theory]
    [InlineData(1, 16, 4, 16)]
    [InlineData(1, 16, 0, 16)]
    [InlineData(1, 6, 4, 12)]
    [InlineData(0, 16, 4, 4)]
    public void CycleOf_LazyTerms_IsWhenTheyFallTogether(double gamma, int r1, int pathLength, int cycle) => Assert.Equal(cycle,
        GanTrainer.CycleOf(GanTrainingOptions.Preset("cpu-tiny") with { Gamma = gamma, R1Interval = r1, PathLengthInterval = pathLength }));

    /// <summary>Cancels while the n-th step is reported.</summary>
    private sealed class CancelAfter(CancellationTokenSource cancel, int reports) : ProgressSink
    {
        private int _count;

        public override void Report(string task, double done, double total, string unit, string? note = null)
        {
            if (++_count == reports) cancel.Cancel();
        }

        public override void Say(string line) { }
    }
}
