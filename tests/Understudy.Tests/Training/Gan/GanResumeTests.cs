using Understudy.Common;
using Understudy.Networks;
using Understudy.Training;
using static TorchSharp.torch;
using Arch = Understudy.Networks.StyleGan2.Architecture;

namespace Understudy.Tests.Training;

/// <summary>Runs that are cut in two end as unbroken ones: other networks, bfloat16, colour, a start from another run.</summary>
[Collection("torch")]
public sealed class GanResumeTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    /// <summary>Six steps of 8, a snapshot at the fourth.</summary>
    private static GanTrainingOptions Short { get; } = TinyGan.Smallest with
    {
        Kimg = 0.048,
        Batch = 8,
        ChannelBase = 256,
        R1Interval = 2,
        PathLengthInterval = 2,
        MixingProbability = 0.9,
        EmaKimg = 0.05,
        TickKimg = 0.016,
        SnapshotKimg = 0.032,
    };

    private static readonly Dictionary<string, GanTrainingOptions> s_variants = new()
    {
        ["bfloat16"] = Short with { Precision = Precision.BFloat16 },
        ["orig, orig"] = Short with { GeneratorArchitecture = Arch.Orig, DiscriminatorArchitecture = Arch.Orig },
        ["resnet, skip"] = Short with
        {
            GeneratorArchitecture = Arch.Resnet,
            DiscriminatorArchitecture = Arch.Skip,
        },
        ["rgb"] = Short,
        ["from another run"] = Short with { EmaRamp = 0 },
    };

    public static TheoryData<string> Variants => [.. s_variants.Keys];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Train_CutInTwo_EqualsTheUnbrokenRunToTheLastByte(string variant)
    {
        var data = TwoTones.Draw(64, 32, variant == "rgb" ? 3 : 1);
        TransferSource? from = null;
        if (variant == "from another run")
        {
            GanTrainer.Train(data, Short with { Kimg = 0.008 }, _temp["start"], 1, ProgressSink.None, default);
            from = TransferSource.Of(_temp["start"]);
        }
        void Train(string run, Action<GanSession>? beforeStep, CancellationToken cancel) =>
            GanTrainer.Train(data, s_variants[variant], _temp[run], 7, ProgressSink.None, "", null, from, 20, beforeStep, cancel);
        Train("whole", null, default);
        using var cancel = new CancellationTokenSource();
        void CancelAtTwo(GanSession session)
        {
            if (session.Steps == 2) cancel.Cancel();
        }
        Assert.Throws<OperationCanceledException>(() => Train("broken", CancelAtTwo, cancel.Token));
        Assert.Equal(3, new Checkpoints(Path.Combine(_temp["broken"], "checkpoints")).All[0].Step);
        Train("broken", null, default);
        string[] names =
        [
            "stats.jsonl", "options.json", "generator.safetensors", "best.safetensors", "sheets/sheet-000000048.png",
            "checkpoints/checkpoint-0000000006.safetensors",
        ];
        byte[] Bytes(string run, string name) => File.ReadAllBytes(Path.Combine(_temp[run], name));
        Assert.All(names, name => Assert.True(Bytes("whole", name).AsSpan().SequenceEqual(Bytes("broken", name)), name));
        var ticks = RunDirectory.ReadStats(Path.Combine(_temp["whole"], "stats.jsonl"));
        Assert.All(ticks.SelectMany(t => t), v => Assert.True(double.IsFinite(v.Value), v.Key));
    }

    [Fact]
    public void Watch_UselessGradientsBeforeAndAfterACut_AreCountedTogether()
    {
        var data = TwoTones.Draw();
        using var scope = NewDisposeScope();
        using GanSession first = Session(), second = Session();
        static void Watch(GanSession session) => session.Alarm.Watch(8, [("generator", 0.5)], double.NaN);
        for (int i = 0; i < 19; i++) Watch(first);
        first.State.Write(_temp["state"], 1, new Dictionary<string, string>());
        second.State.Read(_temp["state"]);
        var e = Assert.Throws<TrainingDivergedException>(() => Watch(second));
        Assert.Contains("20 steps in a row", e.Message, StringComparison.Ordinal);

        GanSession Session() => new(data, Short.Resolve(data.Shape, 2), 1);
    }
}
