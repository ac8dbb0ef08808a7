using TorchSharp;
using Understudy.Networks.Classifiers;
using Understudy.Training.Benchmarks;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Benchmarks;

[Collection("torch")]
public sealed class OperationCountTests
{
    [Fact]
    public void Of_ThreeLayers_IsAsCountedByHand()
    {
        using var net = nn.Sequential(nn.Conv2d(3, 8, 3, stride: 2, padding: 1), nn.ReLU(),
            nn.Conv2d(8, 16, 5, groups: 4, bias: false), nn.Flatten(),
            nn.Linear(16 * 2 * 2, 7));
        net.train();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var count = OperationCount.Of(net, new(3, 12, 12));
        long first = 8 * 6 * 6 * (3 * 9), second = 16 * 2 * 2 * (2 * 25), last = 7 * 64;
        Assert.Equal(new(first + second + last, first), count);
        Assert.Equal(2 * (first + second + last), count.Prediction);
        Assert.Equal(2 * (2 * first + 3 * second + 3 * last), count.Training);
        // The network is as it was: in training, without anyone looking on.
        Assert.True(net.training);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    public static TheoryData<string> Names => [.. ClassifierNet.Names];

    /// <summary>What studies estimate their time by.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Of_EveryNetwork_IsWhatTheTableSays(string arch)
    {
        var side = ClassifierNet.NaturalSide(arch);
        using var net = ClassifierNet.Uninitialised(arch, new(1, side, side), 7, 0);
        var counted = OperationCount.Of(net, new(1, side, side)).MultiplyAdds;
        Assert.Equal(counted, ClassifierNet.MultiplyAdds(arch, side), .03 * counted);
    }

    /// <summary>
    /// Million multiply-adds as published, for 3 channels, 224 pixels and 1,000 classes; torchvision counts the same layers.
    /// </summary>
    [Theory]
    [InlineData("resnet18", 1814)]
    [InlineData("resnet50", 4089)]
    [InlineData("mobilenet-v3-small", 56.5)]
    [InlineData("mobilenet-v3-large", 217)]
    [InlineData("efficientnet-b0", 386)]
    public void Of_PublishedNetworks_AreTheirPapersNumbers(string arch, double millions)
    {
        using var net = ClassifierNet.Uninitialised(arch, new(3, 224, 224), 1000, 0);
        Assert.Equal(millions, OperationCount.Of(net, new(3, 224, 224)).MultiplyAdds / 1e6, .01 * millions);
    }
}
