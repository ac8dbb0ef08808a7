using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.StyleGan2;
using Understudy.Training;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class TransferTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-transfer-").FullName;
    private readonly Tensor _z = new Keys(1).Normal("z", 0, 1, 8);

    public void Dispose()
    {
        _z.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static GanTrainingOptions Tiny { get; } = TinyGan.Smallest with { Kimg = 0.004, R1Interval = 2, ClassWeight = 0.5 };

    [Fact]
    public void Train_FromTheSameKindOfRun_StartsWhereItEnded()
    {
        var data = TwoTones.Draw();
        GanTrainer.Train(data, Tiny, In("a"), 1, ProgressSink.None, default);
        using var scope = NewDisposeScope();
        using var session = Session(data, Tiny, out var reports);
        Assert.All(reports, r => Assert.Equal((0, 0, 0), (r.Partly.Count, r.Fresh.Count, r.Unused.Count)));
        Assert.Equal(["generator", "discriminator"], reports.Select(r => r.Network));
        var (there, _) = GeneratorFile.Load(In("a"));
        using (there) AssertSame(Draw(there, [1, 0]), Draw(session.Averaged, [1, 0]));
    }

    /// <summary>
    /// "tone 1" keeps its look though it is now the first of three; the embedding's gain follows the number of classes.
    /// </summary>
    [Fact]
    public void Train_OtherClasses_KeepThoseOfTheSameName()
    {
        GanTrainer.Train(TwoTones.Draw(), Tiny, In("a"), 1, ProgressSink.None, default);
        var data = Named(["tone 1", "new", "newer"]);
        using var scope = NewDisposeScope();
        using var session = Session(data, Tiny, out var reports);
        Assert.Equal(("mapping.embed.weight", "tone 1; new: new, newer"), reports[0].Partly.Single());
        Assert.Equal(["b4.classify.bias", "b4.classify.weight", "mapping.embed.weight"],
            reports[1].Partly.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Empty(reports.SelectMany(r => r.Fresh));
        var (there, _) = GeneratorFile.Load(In("a"));
        using (there) AssertSame(Draw(there, [0, 1]), Draw(session.Averaged, [1, 0, 0]));
    }

    [Fact]
    public void Train_UnconditionalToConditional_TakesAllBlocksAndTheUnconditionalLogit()
    {
        var options = Tiny with { Condition = Condition.None };
        GanTrainer.Train(TwoTones.Draw(), options, In("a"), 1, ProgressSink.None, default);
        var data = TwoTones.Draw();
        using var scope = NewDisposeScope();
        using var session = Session(data, Tiny with { ClassWeight = 0, ConditionEndKimg = 1 }, out var reports);
        Assert.Equal(("mapping.fc0.weight", "what z goes through"), reports[0].Partly.Single());
        Assert.Equal(["mapping.embed.bias", "mapping.embed.weight"], reports[0].Fresh.Order(StringComparer.Ordinal));
        Assert.Contains("b4.unconditional.weight", reports[1].Taken);
        Assert.Equal(["b4.out.bias", "b4.out.weight", "mapping.embed.bias", "mapping.embed.weight"],
            reports[1].Fresh.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Train_OtherResolution_TakesTheSharedBlocks_AndSaysWhatIsNew()
    {
        GanTrainer.Train(TwoTones.Draw(), Tiny, In("a"), 1, ProgressSink.None, default);
        using var scope = NewDisposeScope();
        // Widths of 8 at every size, as in the smaller one.
        using var session = Session(TwoTones.Draw(16, 32), Tiny with { ChannelBase = 256 }, out var reports);
        Assert.EndsWith("; new synthesis.b32.*", reports[0].ToString(), StringComparison.Ordinal);
        Assert.EndsWith("; new b32.*; not used b16.fromrgb.bias, b16.fromrgb.resample_filter, b16.fromrgb.weight",
            Sorted(reports[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_FromAGeneratorsFile_TakesNoDiscriminator_AndIsRecorded()
    {
        var data = TwoTones.Draw();
        GanTrainer.Train(data, Tiny, In("a"), 1, ProgressSink.None, default);
        var source = TransferSource.Of(Path.Combine(In("a"), GeneratorFile.Name));
        GanTrainer.Train(data, Tiny, In("b"), 2, ProgressSink.None, default, from: source);
        Assert.Equal(source, GanRun.Load(In("b")).From);
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, Tiny.Resolve(data.Shape, 2), 5);
        Assert.Equal(["generator"], session.StartFrom(source, data.Classes).Select(r => r.Network));
        // Another start is another run.
        Assert.Throws<OptionException>(() => GanTrainer.Train(data, Tiny, In("b"), 2, ProgressSink.None, default));
    }

    [Fact]
    public void StartFrom_NothingInCommonOrAnotherFile_IsRefused()
    {
        var data = TwoTones.Draw();
        GanTrainer.Train(data, Tiny, In("a"), 1, ProgressSink.None, default);
        var source = TransferSource.Of(In("a"));
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, (Tiny with { ChannelMax = 4, WDim = 4 }).Resolve(data.Shape, 2), 5);
        Assert.Contains("shares no layer",
            Assert.Throws<InvalidDataException>(() => session.StartFrom(source, data.Classes)).Message, StringComparison.Ordinal);
        Assert.Contains("has changed",
            Assert.Throws<InvalidDataException>(() => session.StartFrom(source with { Digest = "0" }, data.Classes)).Message,
                StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => TransferSource.Of(In("nowhere")));
    }

    /// <summary>While labels do not count, they change nothing of the other generator's images.</summary>
    [Fact]
    public void Train_UnconditionalToConditionalWithAFade_StartsWithTheOthersImages()
    {
        var data = TwoTones.Draw();
        GanTrainer.Train(data, Tiny with { Condition = Condition.None }, In("a"), 1, ProgressSink.None, default);
        using var scope = NewDisposeScope();
        var (there, _) = GeneratorFile.Load(In("a"));
        using var session = Session(data, Tiny with { ConditionStartKimg = 1, ConditionEndKimg = 2 }, out _);
        using (there)
        {
            var images = Draw(there, null);
            AssertSame(images, Draw(session.Averaged, [1, 0]));
            AssertSame(images, Draw(session.Live, [0, 1]));
        }
    }

    /// <summary>A file written before the condition began has zeros for labels: under them classes would hardly part.</summary>
    [Fact]
    public void Train_FromAGeneratorThatHeardNoLabels_GivesEachClassAPlaceOfItsOwn()
    {
        var data = TwoTones.Draw();
        var fading = Tiny with { ConditionStartKimg = 1, ConditionEndKimg = 2 };
        GanTrainer.Train(data, fading, In("a"), 1, ProgressSink.None, default);
        var source = TransferSource.Of(Path.Combine(In("a"), GeneratorFile.Name));
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, Tiny.Resolve(data.Shape, 2), 5);
        Assert.Equal(("mapping.fc0.weight", "what z goes through"), session.StartFrom(source, data.Classes)[0].Partly.Single());
        Assert.True((Draw(session.Averaged, [1, 0]) - Draw(session.Averaged, [0, 1])).abs().max().item<float>() > 1e-2);
    }

    /// <summary>In the middle of a fade λ stands beside a checkpoint's weights, and in those of the generator's file.</summary>
    [Fact]
    public void Train_FromACheckpointInMidFade_StartsWithItsImages()
    {
        var data = TwoTones.Draw();
        GanTrainer.Train(data, Tiny with { ConditionEndKimg = 2 * Tiny.Kimg }, In("a"), 1, ProgressSink.None, default);
        using var scope = NewDisposeScope();
        var (there, _) = GeneratorFile.Load(In("a"));
        using var session = Session(data, Tiny, out _);
        using (there)
        {
            foreach (var c in new float[][] { [1, 0], [0, 1] }) AssertSame(Draw(there, c), Draw(session.Averaged, c));
        }
    }

    [Fact]
    public void Train_FrozenBlocksThatWouldBeRandom_AreRefused()
    {
        var (data, larger, frozen) = (TwoTones.Draw(), TwoTones.Draw(16, 32), Tiny with { FrozenBlocks = 1 });
        string Refusal(ImageSet set, GanTrainingOptions options, string? start, string run)
        {
            var from = start is null ? null : TransferSource.Of(start);
            void Train() => GanTrainer.Train(set, options, In(run), 2, ProgressSink.None, default, from: from);
            return Assert.Throws<OptionException>(Train).Message;
        }
        Assert.StartsWith("frozen_blocks: 1 needs networks to", Refusal(data, frozen, null, "b"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("b")));

        GanTrainer.Train(data, Tiny, In("a"), 1, ProgressSink.None, default);
        var generator = Path.Combine(In("a"), GeneratorFile.Name);
        Assert.Contains("holds no discriminator", Refusal(data, frozen, generator, "c"), StringComparison.Ordinal);
        // A block for 32 pixels that the run at 16 did not have.
        var wider = frozen with { ChannelBase = 256 };
        Assert.Contains("has nothing for 'b32.", Refusal(larger, wider, In("a"), "d"), StringComparison.Ordinal);
        GanTrainer.Train(data, frozen, In("e"), 2, ProgressSink.None, default, from: TransferSource.Of(In("a")));
    }

    private GanSession Session(ImageSet data, GanTrainingOptions options, out IReadOnlyList<TransferReport> reports)
    {
        var session = new GanSession(data, options.Resolve(data.Shape, data.Classes.Count), 5);
        reports = session.StartFrom(TransferSource.Of(In("a")), data.Classes);
        return session;
    }

    private static ImageSet Named(string[] classes)
    {
        var set = TwoTones.Draw(classes: classes.Length);
        return new(new(classes), set.Shape, [.. set.Ids], [.. set.Labels], set.Pixels.ToArray());
    }

    private Tensor Draw(Generator g, float[]? c)
    {
        using var off = no_grad();
        return g.Synthesize(g.Map(_z, c is null ? null : tensor(c).unsqueeze(0)), NoiseMode.Const);
    }

    private static void AssertSame(Tensor a, Tensor b) => Assert.True((a - b).abs().max().item<float>() < 1e-5);

    private static string Sorted(TransferReport r) =>
        (r with { Unused = [.. r.Unused.Order(StringComparer.Ordinal)] }).ToString();

    private string In(string name) => Path.Combine(_folder, name);
}
