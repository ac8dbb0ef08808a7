using Understudy.Common;
using Understudy.Synthesis;
using Understudy.Tests.Networks;
using Understudy.Tests.Synthesis;
using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class ClassMeansTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Map_OneRowOfLabels_IsForAllOfThem()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var generator = TinyGenerator.Make();
        var (z, c) = (new Keys(1).Normal("z", 0, 5, 16), LabelEncoding.OneHot([2], 3));
        Assert.Equal(0, Near.MaxDifference(generator.Map(z, c.repeat(5, 1)), generator.Map(z, c)));
    }

    [Fact]
    public void Of_EveryClass_IsTheMeanOverARowOfLabelsForEachZ()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var generator = TinyGenerator.Make();
        var z = cat([.. Enumerable.Range(0, 10).Select(i => new Keys(0).Normal("means/z", 1000 * i, 1000, 16))]);
        for (int k = 0; k < 3; k++)
        {
            var w = generator.Map(z, LabelEncoding.OneHot([.. Enumerable.Repeat(k, ClassMeans.Samples)], 3)).select(1, 0);
            Near.Equal(w.to(ScalarType.Float64).mean([0]), ClassMeans.Of(generator, 3)[k], 1e-6, $"class {k}");
        }
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Save_ManyClasses_LeavesTheMeansToWhoAsksForThem(int classes, bool stored)
    {
        var path = _temp["generator.safetensors"];
        string[] names = [.. Enumerable.Range(0, classes).Select(k => $"class {k}")];
        using (var generator = TinyGenerator.Make(TinyGenerator.Options with { LabelDim = classes }))
            GeneratorFile.Save(path, generator, new(generator.Options, names, "data", "", 4, 1000));
        Assert.Equal(stored, SafetensorsFile.Read(path).Find(GeneratorFile.ClassMeansName) is not null);
        using var sampler = Sampler.Load(path);
        Assert.Equal([classes, 16], sampler.ClassMeans.shape);
    }
}
