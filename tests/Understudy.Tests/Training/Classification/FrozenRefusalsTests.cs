using Understudy.Common;
using Understudy.Networks.Classifiers;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

/// <summary>What a last layer alone cannot be trained on is told, and leaves the folder free.</summary>
[Collection("torch")]
public sealed class FrozenRefusalsTests : IDisposable
{
    private static readonly ClassifierOptions s_options = ClassifierOptions.FrozenFeatures("screening", Normalisation.None) with
    {
        Size = 16,
        EarlySize = 16,
        Batch = 16,
    };

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Train_ALayerBelowTheLastIsRandom_IsRefused()
    {
        var path = Weights("screening", without: "layer4.");
        Assert.Matches("^frozen: (layer4[.]0[a-z0-9._]*(, | )){6}and 9 more [(]9 of layer4[.][)] would stay at random values and never learn; "
            + "train all layers, or give weights that have them$", Refusal(s_options, new(path, new(["layer4."], []))));
    }

    [Fact]
    public void Train_PublishedWeightsInAVariantWithAStemOfItsOwn_NamesTheNetworkThatTakesThemWhole() =>
        Assert.Equal("frozen: conv1.weight would stay at random values and never learn; train all layers, "
            + "or choose arch resnet18, which takes published weights whole",
            Refusal(s_options with { Arch = "resnet18-48" }, new(Weights("resnet18", side: 32))));

    [Fact]
    public void Train_NoTrainingImage_IsToldAsElsewhere()
    {
        var data = Stripes.Data(Stripes.Draw(40), 0, 10);
        var start = new ClassifierStart(Weights("screening"));
        foreach (var options in new[] { s_options, Stripes.Options })
        {
            Assert.Equal("selection: 0 images; training needs at least 2", Assert.Throws<OptionException>(() =>
                ClassifierTrainer.Train(options, data, _temp["r"], 1, ProgressSink.None, default, start)).Message);
        }
    }

    [Fact]
    public void Train_RateFarTooHigh_SaysSo()
    {
        var options = s_options with { Optimiser = ClassifierOptimiser.Sgd, PeakRate = 100, WeightDecay = 1, Epochs = 60 };
        var data = Stripes.Data(Stripes.Draw(60), 48, 12);
        var e = Assert.Throws<TrainingDivergedException>(() =>
            ClassifierTrainer.Train(options, data, _temp["r"], 1, ProgressSink.None, default, new(Weights("screening"))));
        Assert.Matches("^train classifier: (the loss|a probability in validation) is .* at step [0-9]+$", e.Symptom);
        Assert.EndsWith("Start anew with a lower peak_rate (--rate) than 100, in another folder (--out): "
            + "this one keeps the options that failed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ARateForEveryBlock_IsRefused() =>
        Assert.Equal("frozen: nothing below the last layer learns, at whatever rate; give layer_decay 1",
            Assert.Throws<OptionException>((s_options with { LayerDecay = .8 }).Validate).Message);

    private string Refusal(ClassifierOptions options, ClassifierStart start)
    {
        var data = Stripes.Data(Stripes.Draw(40), 30, 10);
        var e = Assert.Throws<OptionException>(() =>
            ClassifierTrainer.Train(options, data, _temp["r"], 1, ProgressSink.None, default, start));
        Assert.False(File.Exists(Path.Combine(_temp["r"], "options.json")));
        return e.Message;
    }

    private string Weights(string arch, string? without = null, int side = 16)
    {
        using var net = ClassifierNet.Uninitialised(arch, new(1, side, side), 3, 0);
        var path = _temp[$"{arch}.safetensors"];
        var entries = Understudy.Networks.Weights.Entries(net);
        SafetensorsFile.Write(path, new Dictionary<string, string>(),
            entries.Where(e => without is null || !e.Name.StartsWith(without, StringComparison.Ordinal)));
        return path;
    }
}
