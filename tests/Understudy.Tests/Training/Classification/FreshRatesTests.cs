using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Training;
using Understudy.Training.Augmentation;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

/// <summary>What starts at random values learns at the full rate, however deep it lies.</summary>
[Collection("torch")]
public sealed class FreshRatesTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory, InlineData(Normalisation.None), InlineData(Normalisation.Imagenet)]
    public void Of_ResNet18For48PixelsFromResNet18_GivesItsOwnStemTheFullRate(Normalisation normalise)
    {
        using var scope = NewDisposeScope();
        using (var published = ClassifierNet.Uninitialised("resnet18", new(3, 32, 32), 10, 0))
            Weights.Save(_temp["w.safetensors"], published);
        using var net = ClassifierNet.Uninitialised("resnet18-48", new(3, 16, 16), 3, 0, normalise);
        using var flat = new FlatParameters(net);
        var report = new ClassifierStart(_temp["w.safetensors"]).Load(net, "resnet18-48", Stripes.Classes, ProgressSink.None);
        Assert.Equal(["conv1.weight", "fc.weight", "fc.bias"], report.Fresh);

        var factors = LayerRates.Of(flat, .8, report.Fresh)!;
        foreach (var (name, depth) in new[]
        {
            ("conv1.weight", 0), ("bn1.weight", 9), ("layer1.0.conv1.weight", 8), ("layer4.1.bn2.bias", 1), ("fc.bias", 0),
        })
        {
            var view = flat.Views(factors).Single(v => v.Name == (normalise == Normalisation.None ? name : "net." + name)).View;
            Assert.InRange((view - Math.Pow(.8, depth)).abs().max().item<float>(), 0, 1e-6);
        }
    }

    [Fact]
    public void Train_FromWeightsWithoutAFirstLayer_MovesItAsFarAsTheLast()
    {
        using var scope = NewDisposeScope();
        using (var net = ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, 4))
        {
            SafetensorsFile.Write(_temp["w.safetensors"], new Dictionary<string, string>(),
                Weights.Entries(net).Where(e => e.Name != "conv1.weight"));
        }
        var options = ClassifierOptions.FineTune("screening", Normalisation.None) with
        {
            Size = 16,
            EarlySize = 16,
            Epochs = 1,
            Steps = 1,
            Batch = 16,
            Schedule = RateSchedule.Cosine,
            LayerDecay = .1,
            WeightDecay = 0,
            PeakRate = .01,
            Augment = ImageAugmentOptions.None,
        };
        var data = Stripes.Data(Stripes.Draw(40), 30, 10);
        var start = new ClassifierStart(_temp["w.safetensors"], new(["conv1."], []));
        var file = ClassifierTrainer.Train(options, data, _temp["r"], 7, ProgressSink.None, default, start).File;

        using var first = ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, 7);
        using var given = ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, 4);
        var after = SafetensorsFile.Read(file);
        double Moved(string name, nn.Module before) =>
            (Weights.ToTensor(after[name]) - before.state_dict()[name]).abs().max().item<float>();
        // Adam's first step is the rate itself wherever there is a gradient; nine tenths of it are in the average.
        Assert.Equal(.009, Moved("conv1.weight", first), 1e-4);
        Assert.Equal(.009, Moved("fc.weight", given), 1e-4);
        Assert.Equal(.0009, Moved("layer4.0.conv2.weight", given), 1e-5);
        Assert.InRange(Moved("bn1.weight", given), 0, 1e-6);
    }
}
