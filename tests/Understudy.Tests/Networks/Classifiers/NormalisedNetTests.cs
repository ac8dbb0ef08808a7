using Understudy.Common;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Classifiers;

[Collection("torch")]
public sealed class NormalisedNetTests
{
    /// <summary>torchvision: to [0, 1], less (.485, .456, .406), divided by (.229, .224, .225).</summary>
    [Theory, InlineData(1), InlineData(3)]
    public void Forward_WhiteAndBlack_AreImageNetsNumbers_AndGreyBecomesRgb(int channels)
    {
        using var scope = NewDisposeScope();
        using var net = new NormalisedNet(nn.Identity());
        var seen = net.call(stack([ones(channels, 2, 2), full([channels, 2, 2], -1f)]));
        Assert.Equal([2, 3, 2, 2], seen.shape);
        double[] white = [.515 / .229, .544 / .224, .594 / .225], black = [-.485 / .229, -.456 / .224, -.406 / .225];
        for (int c = 0; c < 3; c++)
        {
            Assert.Equal(white[c], seen[0, c, 1, 0].item<float>(), 1e-5);
            Assert.Equal(black[c], seen[1, c, 0, 1].item<float>(), 1e-5);
        }
    }

    [Fact]
    public void Create_Normalised_HasTheNetworksOwnWeightsOfThatSeed()
    {
        using var scope = NewDisposeScope();
        var plain = ClassifierNet.Create("screening", new(3, 16, 16), 4, 0, 3);
        var normalised = ClassifierNet.Create("screening", new(1, 16, 16), 4, 0, 3, Normalisation.Imagenet);
        var state = ClassifierNet.Inside(normalised).state_dict();
        Assert.Equal(plain.state_dict().Keys, state.Keys);
        foreach (var (name, value) in plain.state_dict()) Assert.True(value.eq(state[name]).all().item<bool>(), name);
    }

    [Fact]
    public void Create_NormalisedForTwoChannels_IsRefused()
    {
        var e = Assert.Throws<OptionException>(() =>
            ClassifierNet.Create("screening", new(2, 16, 16), 4, 0, 3, Normalisation.Imagenet));
        Assert.StartsWith("normalise: images of 2 channels", e.Message, StringComparison.Ordinal);
    }
}
