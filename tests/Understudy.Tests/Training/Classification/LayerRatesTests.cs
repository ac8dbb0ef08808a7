using Understudy.Networks.Classifiers;
using Understudy.Training;
using Understudy.Training.Classification;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

[Collection("torch")]
public sealed class LayerRatesTests
{
    /// <summary>Counted by hand along each network's figure.</summary>
    [Theory]
    [InlineData("screening",
        "conv1.weight 5, bn1.bias 5, layer1.0.conv2.weight 4, layer4.0.downsample.0.weight 1, layer4.0.bn2.weight 1, fc.weight "
        + "0, fc.bias 0")]
    [InlineData("resnet18",
        "conv1.weight 9, bn1.weight 9, layer1.0.conv1.weight 8, layer1.1.conv1.weight 7, layer4.1.bn2.bias 1, fc.bias 0")]
    [InlineData("vgg8",
        "features.0.weight 7, features.1.bias 7, features.4.weight 6, classifier.0.weight 2, classifier.3.bias 1, "
        + "classifier.6.weight 0")]
    [InlineData("mini-xception",
        "stem.0.weight 6, stem.1.weight 6, stem.3.weight 5, stages.0.branch.0.weight 4, stages.3.shortcut.1.bias 1, head.weight 0")]
    [InlineData("mobilenet-v3-small",
        "features.0.0.weight 14, features.0.1.bias 14, features.1.block.0.0.weight 13, features.11.block.3.1.weight 3, "
        + "features.12.0.weight 2, classifier.0.weight 1, classifier.3.weight 0")]
    [InlineData("recipe-a", "conv1.weight 5, bn1.weight 5, layer1.0.conv1.weight 4, layer4.0.downsample.1.bias 1, fc.weight 0")]
    [InlineData("recipe-b", "conv1.weight 9, layer1.0.conv2.weight 8, layer1.1.bn1.weight 7, layer4.1.conv1.weight 1, fc.bias 0")]
    [InlineData("proposal-cnn",
        "features.0.weight 7, features.2.weight 7, features.4.weight 6, features.18.bias 3, "
        + "classifier.0.weight 2, classifier.6.weight 0")]
    [InlineData("vgg13",
        "features.0.weight 12, features.3.weight 11, features.32.weight 3, classifier.0.bias 2, "
        + "classifier.3.weight 1, classifier.6.bias 0")]
    [InlineData("resnet34",
        "conv1.weight 17, layer1.0.conv1.weight 16, layer2.0.downsample.0.weight 13, layer3.5.bn2.bias 4, "
        + "layer4.2.conv2.weight 1, fc.weight 0")]
    [InlineData("resnet50",
        "conv1.weight 17, bn1.bias 17, layer1.0.conv3.weight 16, layer1.0.downsample.1.weight 16, "
        + "layer3.0.conv1.weight 9, layer4.2.bn3.bias 1, fc.bias 0")]
    [InlineData("mobilenet-v3-large",
        "features.0.0.weight 18, features.1.block.0.0.weight 17, features.15.block.3.1.bias 3, features.16.0.weight 2, "
        + "classifier.0.bias 1, classifier.3.weight 0")]
    [InlineData("efficientnet-b0",
        "features.0.0.weight 18, features.1.0.block.0.0.weight 17, features.2.0.block.0.0.weight 16, "
        + "features.2.1.block.0.0.weight 15, features.8.0.weight 1, classifier.1.weight 0")]
    public void Depths_OfANetwork_CountBlocksDownFromTheLastLayer(string arch, string expected)
    {
        foreach (var normalise in new[] { Normalisation.None, Normalisation.Imagenet })
        {
            using var net = ClassifierNet.Uninitialised(arch, new(3, 32, 32), 3, 0, normalise);
            var depths = LayerRates.Depths(net);
            Assert.Equal(net.named_parameters().Count(), depths.Count);
            var prefix = normalise == Normalisation.None ? "" : "net.";
            foreach (var pair in expected.Split(", ").Select(p => p.Split(' ')))
                Assert.Equal((pair[0], int.Parse(pair[1])), (pair[0], depths[prefix + pair[0]]));
        }
    }

    /// <summary>A first layer of another stride or size is one block all the same.</summary>
    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet34")]
    [InlineData("resnet50")]
    [InlineData("mobilenet-v3-small")]
    [InlineData("mobilenet-v3-large")]
    [InlineData("efficientnet-b0")]
    public void Depths_OfAVariantForSmallImages_AreThoseOfTheNetwork(string arch)
    {
        using var net = ClassifierNet.Uninitialised(arch, new(1, 32, 32), 3, 0);
        using var variant = ClassifierNet.Uninitialised(arch + "-48", new(1, 32, 32), 3, 0);
        Assert.Equal(LayerRates.Depths(net), LayerRates.Depths(variant));
    }

    /// <summary>
    /// Gradient 1 everywhere, rate .1, decay .5: depth d moves by .1 · .5^d under SGD, and under Adam, whose first step is the
    /// rate itself.
    /// </summary>
    [Theory, InlineData(ClassifierOptimiser.Sgd), InlineData(ClassifierOptimiser.AdamW)]
    public void Step_WithDecay_MovesEveryBlockByItsRate(ClassifierOptimiser kind)
    {
        using var scope = NewDisposeScope();
        using var net = ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, 1);
        using var flat = new FlatParameters(net);
        var options = ClassifierOptions.For("screening") with { Optimiser = kind, WeightDecay = 0 };
        using var optimiser = LearningRule.OptimiserOf(options, flat, LayerRates.Of(flat, .5));
        optimiser.LearningRate = .1;
        var before = flat.Values.clone();
        flat.Gradient.fill_(1);
        optimiser.Step();
        // Nesterov's first step is gradient + momentum · gradient.
        var unit = kind == ClassifierOptimiser.Sgd ? .19 : .1;
        var moved = flat.Views(before - flat.Values).ToDictionary(v => v.Name, v => v.View);
        foreach (var (name, depth) in new[] { ("fc.weight", 0), ("fc.bias", 0), ("layer4.0.conv1.weight", 1),
            ("layer2.0.bn1.weight", 3), ("conv1.weight", 5) })
        {
            var expected = unit * Math.Pow(.5, depth);
            Assert.InRange((moved[name] - expected).abs().max().item<float>(), 0, 1e-6);
        }
    }

    [Fact]
    public void Step_WithDecay_ScalesWeightDecayToo()
    {
        using var scope = NewDisposeScope();
        using var net = ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, 1);
        using var flat = new FlatParameters(net);
        using var optimiser = new Adam(flat, .1, weightDecay: .5) { RateFactors = LayerRates.Of(flat, .5) };
        var before = flat.Values.clone();
        optimiser.Step();
        foreach (var ((name, now), (_, then)) in flat.Views(flat.Values).Zip(flat.Views(before)))
        {
            if (name is not ("conv1.weight" or "fc.weight")) continue;
            var kept = 1 - .05 * (name == "fc.weight" ? 1 : Math.Pow(.5, 5));
            Assert.InRange((now - then * kept).abs().max().item<float>(), 0, 1e-6);
        }
    }

    [Fact]
    public void Of_ADecayOfOne_IsNothing()
    {
        using var net = ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, 1);
        using var flat = new FlatParameters(net);
        Assert.Null(LayerRates.Of(flat, 1));
    }
}
