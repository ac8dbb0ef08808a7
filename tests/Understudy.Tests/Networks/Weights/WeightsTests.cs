using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;
using Weights = Understudy.Networks.Weights;

namespace Understudy.Tests.Networks;

[Collection("torch")]
public sealed class WeightsTests : IDisposable
{
    private static readonly GeneratorOptions s_small =
        new() { Resolution = 8, LabelDim = 2, ZDim = 4, WDim = 4, ChannelBase = 64, ChannelMax = 4 };

    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-weights-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "g.safetensors");

    [Fact]
    public void SaveAndLoad_AnotherNetwork_TakesEveryBit()
    {
        using var scope = NewDisposeScope();
        using var from = new Generator(s_small, 1);
        using var to = new Generator(s_small, 2);
        Weights.Save(Path, from, new Dictionary<string, string> { ["format"] = "1" });

        var report = Weights.Load(Path, to);

        Assert.Equal("1", report.Metadata["format"]);
        Assert.Empty(report.Missing);
        foreach (var (name, value) in from.state_dict()) Assert.Equal(0, Near.MaxDifference(value, to.state_dict()[name]));
        Assert.All(to.parameters(), p => Assert.True(p.requires_grad));
    }

    [Fact]
    public void Load_OtherLayers_NamesThem()
    {
        using var from = new Generator(s_small with { MappingLayers = 1 }, 1);
        using var to = new Generator(s_small, 2);
        Weights.Save(Path, from);

        var error = Assert.Throws<InvalidDataException>(() => Weights.Load(Path, to));
        var report = Weights.Load(Path, to, strict: false);

        Assert.Contains("mapping.fc1.weight", error.Message, StringComparison.Ordinal);
        Assert.Equal(["mapping.fc1.bias", "mapping.fc1.weight"], report.Missing.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_OtherShape_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var from = new Generator(s_small with { LabelDim = 3 }, 1);
        using var to = new Generator(s_small, 2);
        using var fresh = new Generator(s_small, 2);
        Weights.Save(Path, from);

        var error = Assert.Throws<InvalidDataException>(() => Weights.Load(Path, to));

        Assert.Contains("'mapping.embed.weight' is [4, 3]; this network's is [4, 2]", error.Message, StringComparison.Ordinal);
        foreach (var (name, value) in to.state_dict()) Assert.Equal(0, Near.MaxDifference(value, fresh.state_dict()[name]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
