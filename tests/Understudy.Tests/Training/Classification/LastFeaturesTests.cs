using TorchSharp;
using Understudy.Networks.Classifiers;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

[Collection("torch")]
public sealed class LastFeaturesTests
{
    public static TheoryData<string> Archs => [.. ClassifierNet.Names];

    [Theory]
    [MemberData(nameof(Archs))]
    public void Of_EveryNetworkThatEndsInLinear_IsWhatThatLayerTurnsIntoLogits(string arch)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var net = ClassifierNet.Create(arch, new(1, 32, 32), 3, .5, 1);
        net.eval();
        var head = LastFeatures.HeadOf(net);
        Assert.Equal(ClassifierNet.EndsInLinear(arch), head is not null);
        if (head is null) return;
        var images = linspace(-1, 1, 2 * 32 * 32).view(2, 1, 32, 32);
        using (var last = new LastFeatures(net, head))
        {
            var (features, logits) = last.Of(images);
            Assert.Equal([2, head.weight!.shape[1]], features.shape);
            Assert.True(head.forward(features).eq(logits).all().item<bool>());
            Assert.True(net.call(images).eq(logits).all().item<bool>());
        }
        // The hook is gone: the layer takes what it is given, and nothing is kept.
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (net.call(images)) { }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
