using TorchSharp;
using Understudy.Training.Benchmarks;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Benchmarks;

[Collection("torch")]
public sealed class ConvolutionRateTests
{
    [Fact]
    public void Operations_OfThreeConvolutions_AreAsCountedByHand() =>
        Assert.Equal(3 * 2 * 16 * 1024L * 128 * 128 * 9, ConvolutionRate.Operations);

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Measure_Once_GivesAPlausibleRateAndLeavesNoTensor(ScalarType type)
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        // From a slow core without vector instructions to a large server.
        Assert.InRange(ConvolutionRate.Measure(type, seconds: .01), .05, 1e6);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Measure_ForNoTime_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ConvolutionRate.Measure(ScalarType.Float32, 0));
}
