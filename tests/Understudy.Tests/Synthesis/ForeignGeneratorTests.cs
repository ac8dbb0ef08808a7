using Understudy.Common;
using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;
using Understudy.Tests.Networks;
using Understudy.Tests.Training;
using Understudy.Training;
using static TorchSharp.torch;
using Arch = Understudy.Networks.StyleGan2.Architecture;
using Weights = Understudy.Networks.Weights;

namespace Understudy.Tests.Synthesis;

[Collection("torch")]
public sealed class ForeignGeneratorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<Arch, int, int, int> Networks
    {
        get
        {
            var all = new TheoryData<Arch, int, int, int>();
            foreach (var architecture in Enum.GetValues<Arch>())
                foreach (var (resolution, labels, channels) in new[] { (16, 0, 3), (24, 4, 1), (8, 2, 1) })
                    all.Add(architecture, resolution, labels, channels);
            return all;
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void Read_PlainStateDictionary_SeesTheOptionsAndTakesEveryBit(Arch architecture, int resolution, int labels,
        int channels)
    {
        using var scope = NewDisposeScope();
        GeneratorOptions options = new()
        {
            Architecture = architecture,
            Resolution = resolution,
            LabelDim = labels,
            Channels = channels,
            ZDim = 6,
            WDim = 10,
            MappingLayers = 3,
            ChannelBase = resolution * 5,
            ChannelMax = 8,
        };
        using var generator = TinyGenerator.Make(options);
        Weights.Save(_folder["g.safetensors"], generator);                                  // no header of ours

        var (read, card) = ForeignGenerator.Read(_folder["g.safetensors"], []);

        using (read)
        {
            Assert.Equal(options, card.Options);
            Assert.Equal(Math.Max(1, labels), card.Classes.Count);
            foreach (var (name, value) in generator.state_dict())
                Assert.Equal(0, Near.MaxDifference(value, read.state_dict()[name]));
        }
    }

    [Fact]
    public void Save_Plain_ExportedAndImported_IsTheSameFile()
    {
        var own = TinyGenerator.Save(_folder["own.safetensors"]);
        var (generator, card) = GeneratorFile.Load(own);
        GeneratorFile.Save(_folder["plain.safetensors"], generator, card, plain: true);
        var (again, cardAgain) = ForeignGenerator.Read(_folder["plain.safetensors"], []);
        GeneratorFile.Save(_folder["again.safetensors"], again, cardAgain);

        Assert.Equal(File.ReadAllBytes(own), File.ReadAllBytes(_folder["again.safetensors"]));
        Assert.DoesNotContain(SafetensorsFile.Read(_folder["plain.safetensors"]).Entries,
            e => e.Key == GeneratorFile.ClassMeansName);
        generator.Dispose();
        again.Dispose();
    }

    [Fact]
    public void Read_WholeTrainingInHalfPrecision_TakesTheAveragedGenerator()
    {
        using var scope = NewDisposeScope();
        using var live = TinyGenerator.Make(seed: 1);
        using var averaged = TinyGenerator.Make(seed: 2);
        using var discriminator =
            new Discriminator(new() { Resolution = 16, LabelDim = 3, ChannelBase = 64, ChannelMax = 8, MappingLayers = 1 }, 1);
        static (string, string, long[], ReadOnlyMemory<byte>) Half(string name, Tensor t) =>
            Weights.ToEntry(name, t.to(ScalarType.Float16));
        SafetensorsFile.Write(_folder["all.safetensors"], new Dictionary<string, string>(), [
            .. live.state_dict().Select(s => Half("G." + s.Key, s.Value)),
            .. averaged.state_dict().Select(s => Half("G_ema." + s.Key, s.Value)),
            .. Weights.Entries(discriminator, "D.")]);

        var (read, card) = ForeignGenerator.Read(_folder["all.safetensors"], ["x", "y", "z"]);

        using (read)
        {
            Assert.Equal(["x", "y", "z"], card.Classes);
            Assert.Equal(ScalarType.Float32, read.AverageW.dtype);
            foreach (var (name, value) in averaged.state_dict())
                Assert.Equal(0, Near.MaxDifference(value.to(ScalarType.Float16), read.state_dict()[name]));
        }
    }

    [Theory]
    [InlineData("'mapping.fc1.weight' as [16, 15] where this network has [16, 16]", "mapping.fc1.weight", new long[] { 16, 15 })]
    [InlineData("lacks synthesis.b8.conv1.bias", "synthesis.b8.conv1.bias", null)]
    [InlineData("lacks 'mapping.fc0.weight'", "mapping.fc0.weight", null)]
    [InlineData("widths 16 at 4, 9 at 8, 16 at 16 follow no", "synthesis.b8.conv1.weight", new long[] { 9, 16, 3, 3 })]
    [InlineData("has in addition synthesis.b8.extra", "synthesis.b8.extra", new long[] { 2 })]
    [InlineData("'synthesis.b4.resample_filter' is another filter", "synthesis.b4.resample_filter", new long[] { 4, 4 })]
    [InlineData("is [16]; a generator's has 2 dimensions", "mapping.fc0.weight", new long[] { 16 })]
    public void Read_OtherNetwork_NamesWhatDiffers(string says, string name, long[]? shape)
    {
        using var scope = NewDisposeScope();
        using var generator = TinyGenerator.Make();
        var entries = Weights.Entries(generator).Where(e => e.Name != name).ToList();
        if (shape is not null) entries.Add(Weights.ToEntry(name, zeros(shape)));
        SafetensorsFile.Write(_folder["g.safetensors"], new Dictionary<string, string>(), entries);
        Assert.Contains(says,
            Assert.Throws<InvalidDataException>(() => ForeignGenerator.Read(_folder["g.safetensors"], [])).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithoutFiltersOrWithOtherClassNames_TakesAndRefuses()
    {
        using var generator = TinyGenerator.Make();
        SafetensorsFile.Write(_folder["g.safetensors"], new Dictionary<string, string>(),
            Weights.Entries(generator).Where(e => !e.Name.EndsWith("resample_filter", StringComparison.Ordinal)));
        ForeignGenerator.Read(_folder["g.safetensors"], []).Generator.Dispose();
        Assert.Contains("2 names (a, b); the network has 3",
            Assert.Throws<OptionException>(() => ForeignGenerator.Read(_folder["g.safetensors"], ["a", "b"])).Message,
                StringComparison.Ordinal);
    }

    /// <summary>While a condition fades in, λ stands beside a checkpoint's weights.</summary>
    [Fact]
    public void Read_OurOwnCheckpoint_IsTheGeneratorOfItsRun()
    {
        var options = TinyGan.Small with { Kimg = 0.016, ConditionEndKimg = 0.032 };
        GanTrainer.Train(TwoTones.Draw(16), options, _folder["run"], 1, ProgressSink.None, default);
        var (generator, card) = GeneratorFile.Load(_folder["run"]);
        var checkpoint = new Checkpoints(Path.Combine(_folder["run"], "checkpoints")).All[0].Path;
        var (again, cardAgain) = ForeignGenerator.Read(checkpoint, []);
        using (generator)
        using (again)
        {
            Assert.Equal(GeneratorFile.HashOf(generator), GeneratorFile.HashOf(again));
            Assert.Equal(StrictJson.WriteLine(card), StrictJson.WriteLine(cardAgain));
        }
    }

    [Fact]
    public void Read_OurOwnFileUnderOtherNames_KeepsWhatItSaysOfItself()
    {
        var own = TinyGenerator.Save(_folder["own.safetensors"]);
        var (_, before) = GeneratorFile.Load(own);
        var (generator, card) = ForeignGenerator.Read(own, ["x", "y", "z"]);
        using (generator) Assert.Equal(["x", "y", "z"], card.Classes);
        Assert.Equal((before.Options, before.Data, before.Split, before.Seed, before.Images),
            (card.Options, card.Data, card.Split, card.Seed, card.Images));
        Assert.NotEqual((0, ""), (card.Images, card.Data));
        Assert.Contains("2 names (a, b); the network has 3",
            Assert.Throws<OptionException>(() => ForeignGenerator.Read(own, ["a", "b"])).Message, StringComparison.Ordinal);
    }

    /// <summary>One number may be any number of classes: taken for one class, all images would be of c = 1.</summary>
    [Fact]
    public void Read_LabelOfOneNumber_AsksForTheClasses()
    {
        using var generator = TinyGenerator.Make(TinyGenerator.Options with { LabelDim = 1 });
        Weights.Save(_folder["g.safetensors"], generator);
        var e = Assert.Throws<OptionException>(() => ForeignGenerator.Read(_folder["g.safetensors"], []));
        Assert.StartsWith("classes: the network takes one number for its label (c_dim = 1)", e.Message, StringComparison.Ordinal);
        var (read, card) = ForeignGenerator.Read(_folder["g.safetensors"], ["a", "b", "c"]);
        using (read) Assert.Equal((1, 3), (card.Options.LabelDim, card.Classes.Count));
    }

    public void Dispose() => _folder.Dispose();
}
