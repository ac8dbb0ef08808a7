using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

[Collection("torch")]
public sealed class FrozenFeaturesTests : IDisposable
{
    private static readonly ClassifierOptions s_options =
        ClassifierOptions.FrozenFeatures("screening", Normalisation.None) with { Size = 16, EarlySize = 16 };

    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-frozen-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_ASet_IsWhatTheLastLayerSees()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var net = Net();
        var frozen = new FrozenFeatures(net, s_options, _folder);
        var set = Stripes.Draw(40);
        var features = frozen.Of(set, mirrored: false, ProgressSink.None, default);
        Assert.Equal([40, 128], features.shape);
        var images = Batches.Images(set, 0, 40);
        Assert.InRange((frozen.Head.call(features) - net.call(images)).abs().max().item<float>(), 0, 1e-5);
        var mirrored = frozen.Of(set, mirrored: true, ProgressSink.None, default);
        Assert.InRange((frozen.Head.call(mirrored) - net.call(images.flip(3))).abs().max().item<float>(), 0, 1e-5);
        Assert.Equal(80, frozen.Computed);
    }

    [Fact]
    public void Of_TheSameAgain_ComesFromTheFilesBitForBit_AndAnythingElseDoesNot()
    {
        using var scope = NewDisposeScope();
        var set = Stripes.Draw(FrozenFeatures.Chunk + 20);
        var (first, computed) = Compute(set, s_options);
        Assert.Equal(set.Count, computed);
        var files = Directory.GetFiles(_folder).ToDictionary(f => f, File.ReadAllBytes);
        Assert.Equal(2, files.Count);

        (var again, computed) = Compute(set, s_options);
        Assert.Equal(0, computed);
        Assert.True(first.eq(again).all().item<bool>());
        foreach (var (file, bytes) in files) Assert.Equal(bytes, File.ReadAllBytes(file));
        // The last layer is no part of what features follow from; a weight below it is.
        Assert.Equal(0, Compute(set, s_options, net => net.state_dict()["fc.weight"].add_(1)).Computed);
        Assert.Equal(set.Count,
            Compute(set, s_options, net => net.state_dict()["layer4.0.bn2.running_mean"][3].add_(1)).Computed);
        Assert.Equal(set.Count, Compute(set, s_options with { Size = 24, EarlySize = 24 }).Computed);
        // One pixel of the last image: its file only.
        var pixels = set.Pixels.ToArray();
        pixels[^1] ^= 1;
        Assert.Equal(20, Compute(new(set.Classes, set.Shape, [.. set.Ids], [.. set.Labels], pixels), s_options).Computed);
    }

    [Fact]
    public void Of_CancelledInBetween_GoesOnThere()
    {
        using var scope = NewDisposeScope();
        var set = Stripes.Draw(FrozenFeatures.Chunk + 20);
        using var source = new CancellationTokenSource();
        using (var net = Net())
            Assert.Throws<OperationCanceledException>(() =>
                new FrozenFeatures(net, s_options, _folder).Of(set, mirrored: false, new CancelAtOnce(source), source.Token));
        Assert.Equal(20, Compute(set, s_options).Computed);
    }

    [Fact]
    public void Of_AFileOfAnotherWidth_IsRefusedByName()
    {
        using var scope = NewDisposeScope();
        Compute(Stripes.Draw(5), s_options);
        var file = Directory.GetFiles(_folder).Single();
        string Message(string format, string name, string dtype, int bytes)
        {
            var header = new Dictionary<string, string> { ["format"] = format };
            SafetensorsFile.Write(file, header, [(name, dtype, [5, 1], new byte[bytes])]);
            return Assert.Throws<InvalidDataException>(() => Compute(Stripes.Draw(5), s_options)).Message;
        }
        const string known = "understudy/features/1", none = $": holds no features of format {known} (it says: ";
        var narrow = Message(known, "features", "F32", 20);
        Assert.Equal($"{file}: holds [5, 1] where 5 images have [5, 128] features; delete it", narrow);
        Assert.Equal($"{file}{none}other); delete it", Message("other", "features", "F32", 20));
        Assert.Equal($"{file}{none}{known}); delete it", Message(known, "other", "F32", 20));
        Assert.Equal($"{file}{none}{known}); delete it", Message(known, "features", "F64", 40));
    }

    [Fact]
    public void Of_AnotherNetworkNormalisationOrKindOfImage_MeetsNoOldFile()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var computed = new List<int>();
        foreach (var (arch, channels, normalise) in new[]
        {
            ("screening", 1, Normalisation.None), ("screening", 1, Normalisation.Imagenet), ("screening", 3, Normalisation.None),
            ("screening", 3, Normalisation.Imagenet), ("recipe-a", 1, Normalisation.None), ("screening", 1, Normalisation.None),
        })
        {
            using var net = ClassifierNet.Create(arch, new(channels, 16, 16), 3, 0, 4, normalise);
            var frozen = new FrozenFeatures(net, s_options with { Arch = arch, Normalise = normalise }, _folder);
            frozen.Of(Stripes.Draw(5, channels: channels), mirrored: false, ProgressSink.None, default);
            computed.Add(frozen.Computed);
        }
        Assert.Equal([5, 5, 5, 5, 5, 0], computed);
        Assert.Equal(5, Directory.GetFiles(_folder).Length);
    }

    /// <summary>Equal weights and pixels, and another network or normalisation by the options alone.</summary>
    [Fact]
    public void Of_OtherOptionsOfTheSameWeights_MeetsNoOldFile()
    {
        using var scope = NewDisposeScope();
        var set = Stripes.Draw(5);
        Assert.Equal(5, Compute(set, s_options).Computed);
        Assert.Equal(5, Compute(set, s_options with { Arch = "recipe-a" }).Computed);
        Assert.Equal(5, Compute(set, s_options with { Normalise = Normalisation.Imagenet }).Computed);
    }

    /// <summary>
    /// Networks for ImageNet are RGB inside, whatever they take: the key alone tells one channel of twelve rows from three of
    /// four.
    /// </summary>
    [Fact]
    public void Of_TheSameBytesInOtherChannels_MeetsNoOldFile()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        foreach (var shape in new ImageShape[] { new(1, 12, 4), new(3, 4, 4) })
        {
            using var net = ClassifierNet.Create("screening", new(shape.Channels, 16, 16), 3, 0, 4, Normalisation.Imagenet);
            var frozen = new FrozenFeatures(net, s_options with { Normalise = Normalisation.Imagenet }, _folder);
            frozen.Of(new(Stripes.Classes, shape, ["a"], [0], new byte[48]), mirrored: false, ProgressSink.None, default);
            Assert.Equal(1, frozen.Computed);
        }
    }

    [Fact]
    public void Of_WhileAnotherRunWritesTheSameFile_LeavesItAlone()
    {
        using var scope = NewDisposeScope();
        var set = Stripes.Draw(5);
        var (expected, _) = Compute(set, s_options);
        var file = Directory.GetFiles(_folder).Single();
        File.Delete(file);
        using (var held = new FileStream(file + AtomicFile.PartialSuffix, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var (features, computed) = Compute(set, s_options);
            Assert.Equal(5, computed);
            Assert.True(features.eq(expected).all().item<bool>());
            Assert.True(File.Exists(file + AtomicFile.PartialSuffix));
        }
        Assert.Equal(0, Compute(set, s_options).Computed);
    }

    [Fact]
    public void Of_TwoAtOnceInOneFolder_BothHaveTheFeatures()
    {
        var set = Stripes.Draw(FrozenFeatures.Chunk + 20);
        var found = new float[2][];
        var errors = new Exception?[2];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(k => new Thread(() =>
        {
            try
            {
                using var scope = NewDisposeScope();
                found[k] = Compute(set, s_options).Features.data<float>().ToArray();
            }
            catch (Exception e)
            {
                errors[k] = e;
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal([null, null], errors);
        Assert.Equal(found[0], found[1]);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void FrozenFeatures_OfANetworkWithoutALinearLastLayer_AreRefused()
    {
        using var net = ClassifierNet.Create("mini-xception", new(1, 16, 16), 3, 0, 1);
        var e = Assert.Throws<OptionException>(() => new FrozenFeatures(net, s_options with { Arch = "mini-xception" }, _folder));
        Assert.StartsWith("frozen: mini-xception has no linear last layer", e.Message, StringComparison.Ordinal);
    }

    private static nn.Module<Tensor, Tensor> Net() => ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, 4);

    private (Tensor Features, int Computed) Compute(ImageSet set, ClassifierOptions options, Action<nn.Module>? change = null)
    {
        using var off = no_grad();
        using var net = Net();
        change?.Invoke(net);
        var frozen = new FrozenFeatures(net, options, _folder);
        return (frozen.Of(set, mirrored: false, ProgressSink.None, default), frozen.Computed);
    }

    private sealed class CancelAtOnce(CancellationTokenSource source) : ProgressSink
    {
        public override void Report(string task, double done, double total, string unit, string? note = null) => source.Cancel();

        public override void Say(string line) { }
    }
}
