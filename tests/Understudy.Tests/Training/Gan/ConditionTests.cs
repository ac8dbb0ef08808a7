using Understudy.Common;
using Understudy.Networks.StyleGan2;
using Understudy.Training;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class ConditionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-condition-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static GanTrainingOptions Tiny { get; } =
        TinyGan.Smallest with { Kimg = 0.016, R1Interval = 2, SnapshotKimg = 0.008, TickKimg = 0.008 };

    [Fact]
    public void Encode_EveryCondition_HasItsShapeAndNumbers()
    {
        using var scope = NewDisposeScope();
        Assert.Null(LabelEncoding.Encode([0, 2], 0, 3));
        Assert.Equal([1f, 0, 0, 0, 0, 1], LabelEncoding.Encode([0, 2], 3, 3)!.data<float>().ToArray());
        var scalar = LabelEncoding.Encode([0, 2], 1, 3)!;
        Assert.Equal([2L, 1], scalar.shape);
        Assert.Equal([0f, 2], scalar.data<float>().ToArray());
        Assert.Equal([1f], LabelEncoding.Encode([0], 1, 1)!.data<float>().ToArray());
    }

    /// <summary>
    /// What the warning says: with the label as a number, every class but the first starts at one and the same w, and so at the
    /// same image; with one-hot labels none does.
    /// </summary>
    [Fact]
    public void Scalar_NewGenerator_CannotTellItsClassesApart()
    {
        using var scope = NewDisposeScope();
        var z = new Keys(1).Normal("z", 0, 1, 8).expand(5, 8);
        double Spread(int labelDim)
        {
            using var generator = new Generator(
                new GeneratorOptions
                {
                    Resolution = 16,
                    LabelDim = labelDim,
                    ZDim = 8,
                    WDim = 8,
                    ChannelBase = 128,
                    ChannelMax = 8
                }, 3);
            var images = generator.Synthesize(generator.Map(z, LabelEncoding.Encode([1, 2, 3, 4, 5], labelDim, 6)),
                NoiseMode.None);
            return images.std(0).max().item<float>();
        }
        Assert.InRange(Spread(1), 0, 1e-4);
        Assert.InRange(Spread(6), 0.1, double.MaxValue);
        Assert.Contains("nearly indistinguishable", (Tiny with { Condition = Condition.Scalar }).Warnings().Single(),
            StringComparison.Ordinal);
        Assert.Empty(Tiny.Warnings());
    }

    [Fact]
    public void Warnings_OfWhatDoesNothing_SayIt()
    {
        Assert.Contains("draws its classes all alike", (Tiny with { Kimg = 1, ConditionStartKimg = 1, ConditionEndKimg = 2 })
            .Warnings().Single(), StringComparison.Ordinal);
        Assert.Contains("less distinctly", (Tiny with { Kimg = 1, ConditionEndKimg = 2 }).Warnings().Single(),
            StringComparison.Ordinal);
        // A preset's own, with the controller switched off on purpose.
        Assert.Empty((GanTrainingOptions.Preset("paper-auto") with { AdaTarget = 0, AugmentP = 0.5 }).Warnings());
        Assert.Contains("set ada_target", (Tiny with { Augment = AugmentKind.Bgc, AdaCeiling = 0.5 }).Warnings().Single(),
            StringComparison.Ordinal);
        Assert.Contains("without an augment", (Tiny with { Augment = AugmentKind.None, AugmentP = 0.5 }).Warnings().Single(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Scalar_WarnsAndKeepsTheClassNames()
    {
        var said = new Said();
        GanTrainer.Train(TwoTones.Draw(12, classes: 3), Tiny with { Condition = Condition.Scalar }, _folder, 1, said, default);
        Assert.Contains(said.Lines, l => l.StartsWith("warning: condition: scalar", StringComparison.Ordinal));
        var card = GeneratorFile.ReadCard(_folder);
        Assert.Equal((1, 3), (card.Options.LabelDim, card.Classes.Count));
    }

    /// <summary>8 of 16 images in: λ is 0, and the generator draws every class alike; at the end ½.</summary>
    [Fact]
    public void Ramp_WhileItIsDown_ClassesAreOne_AndFilesHoldWhatIsSeen()
    {
        var data = TwoTones.Draw();
        var options = (Tiny with { ConditionStartKimg = 0.008, ConditionEndKimg = 0.024 }).Resolve(data.Shape, 2);
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, options, 1);
        var z = new Keys(1).Normal("z", 0, 1, 8).expand(2, 8);
        Tensor Images(Generator g) => g.Synthesize(g.Map(z, eye(2)), NoiseMode.Const);
        double Difference(Tensor x) => (x[0] - x[1]).abs().max().item<float>();
        using var off = no_grad();
        Step(session, 2);
        Assert.Equal(0, Difference(Images(session.Averaged)));
        Step(session, 2);
        Assert.Equal((16, 0.5), (session.Images, session.Averaged.LabelScale));
        var shown = Images(session.Averaged);
        Assert.True(Difference(shown) > 1e-3);

        var path = Path.Combine(_folder, "g.safetensors");
        var run = new GanRun(GanRun.CurrentFormat, 1, "", "", [.. data.Classes], data.Shape, options);
        GeneratorFile.Save(path, session.Averaged, GeneratorFile.CardOf(run, session.Images));
        var checkpoint = Path.Combine(_folder, "c.safetensors");
        session.State.Write(checkpoint, session.Steps,
            new Dictionary<string, string> { [GanTrainer.RunKey] = StrictJson.WriteLine(run) });
        foreach (var file in new[] { path, checkpoint })
        {
            var (generator, _) = GeneratorFile.Load(file);
            using (generator) Assert.True((Images(generator) - shown).abs().max().item<float>() < 1e-4, file);
        }
    }

    [Fact]
    public void Train_EndsWithinTheRamp_SaysHowFarItIs()
    {
        var said = new Said();
        var options = Tiny with { ConditionStartKimg = 0.008, ConditionEndKimg = 0.024 };
        GanTrainer.Train(TwoTones.Draw(), options, _folder, 1, said, CancellationToken.None);
        Assert.Contains("the condition counts 0.5 of what it will at 0.024 kimg", said.Lines[^1], StringComparison.Ordinal);
    }

    private static void Step(GanSession session, int steps)
    {
        using var on = enable_grad();
        for (int i = 0; i < steps; i++) session.Step();
    }

    private sealed class Said : ProgressSink
    {
        public List<string> Lines { get; } = [];

        public override void Report(string task, double done, double total, string unit, string? note = null) { }

        public override void Say(string line) => Lines.Add(line);
    }
}
