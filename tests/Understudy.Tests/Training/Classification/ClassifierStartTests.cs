using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

/// <summary>Weights that a training goes on from: whose they are, what they tell, what they have seen.</summary>
[Collection("torch")]
public sealed class ClassifierStartTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(new[] { "across", "down", "slanted" }, true)]
    [InlineData(new[] { "down", "across", "slanted" }, false)]
    [InlineData(new[] { "left", "right", "both" }, false)]
    public void Load_AClassifier_KeepsItsLastLayerForTheSameClassesInTheSameOrder(string[] classes, bool kept)
    {
        using var scope = NewDisposeScope();
        var file = Classifier();
        using var net = ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, seed: 2);
        var told = new Told();
        var report = new ClassifierStart(file).Load(net, "screening", new(classes), told);
        string[] fresh = kept ? [] : ["fc.weight", "fc.bias"];
        Assert.Equal(fresh, report.Fresh);
        Assert.Equal(!kept, told.Lines.Any(line => line.Contains("its last layer is learnt anew", StringComparison.Ordinal)));
    }

    /// <summary>What a user allows besides takes nothing of what a variant is known to have for itself.</summary>
    [Fact]
    public void Load_AVariantThatIsAllowedMore_KeepsItsOwnStem()
    {
        using var scope = NewDisposeScope();
        using (var published = ClassifierNet.Create("resnet18", new(3, 64, 64), 3, 0, seed: 1))
        {
            SafetensorsFile.Write(_temp["w.safetensors"], new Dictionary<string, string>(),
                Understudy.Networks.Weights.Entries(ClassifierNet.Inside(published))
                    .Append(("aux.weight", "F32", new long[] { 1 }, (ReadOnlyMemory<byte>)new byte[4])));
        }
        using var net = ClassifierNet.Create("resnet18-48", new(3, 48, 48), 3, 0, seed: 2);
        var start = new ClassifierStart(_temp["w.safetensors"], new([], ["aux."]));
        var report = start.Load(net, "resnet18-48", new(["a", "b", "c"]), new Told());
        Assert.Equal(["conv1.weight"], report.Fresh);
        Assert.Equal(["aux.weight"], report.Ignored);
    }

    /// <summary>Taken for published weights, it would be given ImageNet's normalisation.</summary>
    [Fact]
    public void Normalise_AClassifierOfAnotherVersion_IsRefused()
    {
        var content = SafetensorsFile.Read(Classifier());
        var metadata = new Dictionary<string, string>(content.Metadata) { ["format"] = "understudy/classifier/1" };
        SafetensorsFile.Write(_temp["old.safetensors"], metadata,
            content.Entries.Select(e => (e.Key, e.Value.Dtype, e.Value.Shape, e.Value.Data)));
        var e = Assert.Throws<InvalidDataException>(() => new ClassifierStart(_temp["old.safetensors"]).Normalise());
        Assert.Contains("understudy/classifier/1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_GoingOnFromAClassifier_HasSeenWhatThatHasSeen()
    {
        var (first, second) = (Stripes.Draw(40, seed: 1), Renamed(Stripes.Draw(40, seed: 2)));
        var once = Stripes.Options with { Epochs = 1 };
        var start = ClassifierTrainer.Train(once, Stripes.Data(first, 30, 10), _temp["a"], 1, ProgressSink.None, default).File;
        ClassifierTrainer.Train(once, Stripes.Data(second, 30, 10), _temp["b"], 1, ProgressSink.None, default,
            new ClassifierStart(start));
        var seen = SeenImages.Find(_temp["b"])!;
        Assert.Equal((30, 10), seen.CountIn(first.Ids));
        Assert.Equal((30, 10), seen.CountIn(second.Ids));

        File.Copy(start, _temp["alone.safetensors"]);
        Assert.Null(new ClassifierStart(_temp["alone.safetensors"]).Seen());
    }

    private static ImageSet Renamed(ImageSet set) =>
        new(set.Classes, set.Shape, [.. set.Ids.Select(id => "other/" + id)], [.. set.Labels],
            [.. Enumerable.Range(0, set.Count).SelectMany(i => set[i].ToArray())]);

    private string Classifier()
    {
        using var net = ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, seed: 1);
        TrainedClassifier.Save(_temp["classifier.safetensors"], net,
            new(ClassifierOptions.For("screening"), Stripes.Classes, 1, "", 0, new(1, 1, 0, 0, 0)));
        return _temp["classifier.safetensors"];
    }
}
