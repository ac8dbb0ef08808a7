using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;
using Understudy.Tests.Networks;
using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Synthesis;

[Collection("torch")]
public sealed class SamplerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-sampler-").FullName;
    private readonly string _file;

    public SamplerTests() => _file = TinyGenerator.Save(Path.Combine(_folder, "generator.safetensors"));

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
            Assert.True(sampler.One(label, index, options).AsSpan()
                .SequenceEqual(many[many.IndexOf(Sampler.IdOf(label, index))]));
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
            options with { Psi = 0.5, Center = Center.Class }, options with { Noise = NoiseMode.Const },
            options with { Noise = NoiseMode.None },
            options with { Precision = Precision.BFloat16 },
        }.Select(o => Convert.ToHexString(sampler.One(1, 0, o))).ToList();
        Assert.Equal(7, images.Distinct().Count());
    }

    [Fact]
    public void Draw_OneThreadOrMany_TheBytesAreTheSame()
    {
        using var sampler = Sampler.Load(_file);
        var one = sampler.Draw([100, 70, 40], new() { Psi = 0.8, Center = Center.Class }, ProgressSink.None);
        set_num_threads(3);
        try
        {
            var many = sampler.Draw([100, 70, 40], new() { Psi = 0.8, Center = Center.Class }, ProgressSink.None);
            Assert.Equal(one.Fingerprint, many.Fingerprint);
            Assert.Equal(3, get_num_threads());
            Assert.True(sampler.One(1, 65, new() { Psi = 0.8, Center = Center.Class }).AsSpan()
                .SequenceEqual(one[one.IndexOf(Sampler.IdOf(1, 65))]));
        }
        finally
        {
            set_num_threads(1);
        }
    }

    [Fact]
    public void Draw_InBFloat16_IsNearlyTheSameImage()
    {
        using var sampler = Sampler.Load(_file);
        var (a, b) = (sampler.One(1, 0, new()), sampler.One(1, 0, new() { Precision = Precision.BFloat16 }));
        Assert.InRange(a.Zip(b, (x, y) => Math.Abs(x - y)).Average(), 0.001, 3);
    }

    [Fact]
    public void Draw_PsiZeroAroundTheClass_IsOneImageOfEachClass()
    {
        using var sampler = Sampler.Load(_file);
        var set = sampler.Draw([2, 2, 2], new() { Psi = 0, Center = Center.Class, Noise = NoiseMode.None }, ProgressSink.None);
        Assert.Equal(3, Enumerable.Range(0, 6).Select(i => Convert.ToHexString(set[i])).Distinct().Count());
        Assert.True(set[0].SequenceEqual(set[1]) && set[4].SequenceEqual(set[5]));
    }

    [Fact]
    public void ClassMeans_OfAFile_AreTheMeansOfItsWs()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var sampler = Sampler.Load(_file);
        var stored = SafetensorsFile.Read(_file)[GeneratorFile.ClassMeansName];
        Assert.Equal([3, 16], stored.Shape);
        using var computed = ClassMeans.Of(sampler.Network, 3);
        Assert.Equal(0, Near.MaxDifference(Understudy.Networks.Weights.ToTensor(stored), computed));
        Assert.Equal(0, Near.MaxDifference(sampler.ClassMeans, computed));
        var w = sampler.Network.Map(randn(20_000, 16), zeros(20_000, 3).index_fill_(1, tensor(new[] { 2L }), 1)).select(1, 0);
        Near.Equal(w.mean([0]), computed[2], 6 * w.std(0).max().item<float>() / Math.Sqrt(ClassMeans.Samples), "class 2");
        Assert.True((computed[0] - computed[1]).norm().item<float>() > 0.1);
    }

    [Fact]
    public void Load_WithoutOrWithDamagedMeans_ComputesOrRefuses()
    {
        var content = SafetensorsFile.Read(_file);
        List<(string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Data)> others =
            [.. content.Entries.Where(e => e.Key != GeneratorFile.ClassMeansName)
                .Select(e => (e.Key, e.Value.Dtype, e.Value.Shape, e.Value.Data))];
        using (var whole = Sampler.Load(_file))
        {
            SafetensorsFile.Write(_file, content.Metadata, others);
            using var without = Sampler.Load(_file);
            Assert.Equal(0, Near.MaxDifference(whole.ClassMeans, without.ClassMeans));
            Assert.Equal(whole.GeneratorHash, without.GeneratorHash);
        }
        SafetensorsFile.Write(_file, content.Metadata,
            [.. others, (GeneratorFile.ClassMeansName, "F32", [2, 16], new byte[2 * 16 * 4])]);
        Assert.Contains("'class_w_avg' is F32 [2, 16], expected F32 [3, 16]",
            Assert.Throws<InvalidDataException>(() => Sampler.Load(_file)).Message, StringComparison.Ordinal);
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
        GanTrainer.Train(Training.TwoTones.Draw(), Training.TinyGan.Small with { Kimg = 0.016 }, run, 1, ProgressSink.None,
            default);
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
        Assert.Contains("folder", Assert.Throws<InvalidDataException>(() => Sampler.Load(path)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<InvalidDataException>(() => Sampler.Load(path + "x")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void EvenCounts_NotDivisible_TheFirstClassesHaveOneMore() =>
        Assert.Equal([4102, 4102, 4101, 4101, 4101, 4101, 4101], Sampler.EvenCounts(28_709, 7));

    [Theory]
    [InlineData("set.zip")]
    [InlineData("set")]
    [InlineData("set.safetensors")]
    public void Manifest_OfAWrittenSet_MakesAnyImageAgain(string name)
    {
        using var sampler = Sampler.Load(_file);
        var options = new SamplingOptions { Seed = 3, Psi = 0.7 };
        var set = sampler.Draw([3, 33, 2], options, ProgressSink.None);
        var manifest = Manifest.Of(sampler, set, options);
        var path = Path.Combine(_folder, name);
        if (name.EndsWith(ImageSetFile.Extension, StringComparison.Ordinal)) manifest.SaveWith(set, path);
        else ImageSetWriter.Write(path, set, StrictJson.Write(manifest), manifest.PngText, ProgressSink.None);
        Assert.Equal(set.Count, ImageSources.Read(path, ImageReading.AsIs, ProgressSink.None).Count);
        var read = Manifest.Load(path);
        Assert.Equal(StrictJson.Write(manifest), StrictJson.Write(read));
        var id = Sampler.IdOf(1, 32);
        Assert.True(read.Remake(sampler, id).AsSpan().SequenceEqual(set[set.IndexOf(id)]));
        Assert.Contains("syn-00-000000 to syn-02-000001",
            Assert.Throws<OptionException>(() => read.Remake(sampler, "syn-09-000000")).Message, StringComparison.Ordinal);
        var other = read with { Generator = new string('0', 64) };
        Assert.Contains("generator", Assert.Throws<OptionException>(() => other.Remake(sampler, id)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>More processors than blocks at once is no fault.</summary>
    [Theory]
    [InlineData(4, 2, 4)]
    [InlineData(1000, 2, 64)]
    [InlineData(1, 8, 8)]
    [InlineData(1000, 96, 96)]
    [InlineData(1, 96, 96)]
    public void WaveOf_AnyNumberOfProcessors_IsANumber(int fitting, int processors, int wave) =>
        Assert.Equal(wave, Sampler.WaveOf(fitting, processors));
}
