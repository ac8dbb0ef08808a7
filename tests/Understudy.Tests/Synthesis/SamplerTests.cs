using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;
using Understudy.Training;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Tests.Synthesis;

[Collection("torch")]
public sealed class SamplerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-sampler-").FullName;
    private readonly string _file;

    public SamplerTests()
    {
        _file = Path.Combine(_folder, "generator.safetensors");
        using var scope = NewDisposeScope();
        using var generator = new Generator(new GeneratorOptions { Resolution = 16, LabelDim = 3, ZDim = 16, WDim = 16, ChannelBase = 256, ChannelMax = 16 }, 4);
        using (no_grad())
        {
            // An untrained generator has no noise and no mean w: give it both, so that the options have something to change.
            foreach (var (name, parameter) in generator.named_parameters())
                if (name.EndsWith("noise_strength", StringComparison.Ordinal)) parameter.fill_(0.3);
            generator.AverageW.add_(0.1);
        }
        GeneratorFile.Save(_file, generator, new(generator.Options, ["a", "b", "c"], "data", "split", 4, 1000));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Draw_FewOrMany_TheSameImageHasTheSameBytes_AndSoHasOne()
    {
        using var sampler = Sampler.Load(_file);
        var options = new SamplingOptions { Seed = 9 };
        var many = sampler.Draw([40, 3, 35], options, ProgressSink.None);
        var few = sampler.Draw([2, 0, 34], options, ProgressSink.None);
        Assert.Equal([40, 3, 35], many.CountsPerClass());
        for (int i = 0; i < few.Count; i++)
            Assert.True(few[i].SequenceEqual(many[many.IndexOf(few.Ids[i])]), few.Ids[i]);
        foreach (var (label, index) in new[] { (0, 39), (1, 2), (2, 0), (2, 33) })
            Assert.True(sampler.One(label, index, options).AsSpan().SequenceEqual(many[many.IndexOf(Sampler.IdOf(label, index))]));
        Assert.Equal(many.Count, Enumerable.Range(0, many.Count).Select(i => Convert.ToHexString(many[i])).Distinct().Count());
    }

    [Fact]
    public void Draw_EveryOption_ChangesTheImages()
    {
        using var sampler = Sampler.Load(_file);
        var options = new SamplingOptions { Seed = 9 };
        var images = new[]
        {
            options, options with { Seed = 10 }, options with { Psi = 0.5 },
            options with { Noise = NoiseMode.Const }, options with { Noise = NoiseMode.None },
        }.Select(o => Convert.ToHexString(sampler.One(1, 0, o))).ToList();
        Assert.Equal(5, images.Distinct().Count());
    }

    [Fact]
    public void Draw_PsiZeroWithoutNoise_IsOneImage()
    {
        using var sampler = Sampler.Load(_file);
        var set = sampler.Draw([2, 0, 1], new() { Psi = 0, Noise = NoiseMode.None }, ProgressSink.None);
        Assert.True(set[0].SequenceEqual(set[1]) && set[0].SequenceEqual(set[2]));
    }

    [Fact]
    public void Load_CheckpointOfARun_DrawsWhatItsGeneratorFileDraws()
    {
        var run = Path.Combine(_folder, "run");
        var options = new GanTrainingOptions { Kimg = 0.016, Batch = 8, ZDim = 16, WDim = 16, ChannelBase = 256, ChannelMax = 16 };
        GanTrainer.Train(Training.TwoTones.Draw(), options, run, 1, ProgressSink.None, default);
        using var file = Sampler.Load(run);
        using var checkpoint = Sampler.Load(new Checkpoints(Path.Combine(run, "checkpoints")).All[0].Path);
        Assert.Equal(file.GeneratorHash, checkpoint.GeneratorHash);
        Assert.Equal(StrictJson.Write(file.Card), StrictJson.Write(checkpoint.Card));
        Assert.Equal(file.One(1, 5, new()), checkpoint.One(1, 5, new()));
    }

    [Theory]
    [InlineData("counts: 2 given", 1, 1)]
    [InlineData("counts: 0, 0, 0", 0, 0, 0)]
    [InlineData("counts: 1, -1, 0", 1, -1, 0)]
    public void Draw_BadCounts_AreRefused(string says, params int[] counts)
    {
        using var sampler = Sampler.Load(_file);
        var e = Assert.Throws<OptionException>(() => sampler.Draw(counts, new(), ProgressSink.None));
        Assert.StartsWith(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoGenerator_SaysWhatWouldDo()
    {
        var path = Path.Combine(_folder, "other.safetensors");
        SafetensorsFile.Write(path, new Dictionary<string, string>(), []);
        Assert.Contains("folder", Assert.Throws<InvalidDataException>(() => Sampler.Load(path)).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<InvalidDataException>(() => Sampler.Load(path + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EvenCounts_NotDivisible_TheFirstClassesHaveOneMore() =>
        Assert.Equal([4102, 4102, 4101, 4101, 4101, 4101, 4101], Sampler.EvenCounts(28_709, 7));

    [Theory]
    [InlineData("set.zip")]
    [InlineData("set")]
    public void Manifest_OfAWrittenSet_MakesAnyImageAgain(string name)
    {
        using var sampler = Sampler.Load(_file);
        var options = new SamplingOptions { Seed = 3, Psi = 0.7 };
        var set = sampler.Draw([3, 33, 2], options, ProgressSink.None);
        var manifest = Manifest.Of(sampler, set, options);
        var path = Path.Combine(_folder, name);
        ImageSetWriter.Write(path, set, StrictJson.Write(manifest), manifest.PngText, ProgressSink.None);
        var read = Manifest.Load(path);
        Assert.Equal(StrictJson.Write(manifest), StrictJson.Write(read));
        var id = Sampler.IdOf(1, 32);
        Assert.True(read.Remake(sampler, id).AsSpan().SequenceEqual(set[set.IndexOf(id)]));
        Assert.Contains("syn-00-000000 to syn-02-000001", Assert.Throws<OptionException>(() => read.Remake(sampler, "syn-09-000000")).Message, StringComparison.Ordinal);
        var other = read with { Generator = new string('0', 64) };
        Assert.Contains("generator", Assert.Throws<OptionException>(() => other.Remake(sampler, id)).Message, StringComparison.Ordinal);
    }
}
