using Understudy.Common;
using Understudy.Networks;
using Understudy.Training;
using Understudy.Training.Benchmarks;

namespace Understudy.Tests.Training.Benchmarks;

[Collection("torch")]
public sealed class GanSpeedTests
{
    [Fact]
    public void Operations_TwoTinyNetworks_AreThoseCountedByHand()
    {
        // 8 px, 4 channels everywhere, grey: blocks at 4 and 8.
        var generator = GanOperations.Generator(new() { Resolution = 8, ChannelBase = 32, ChannelMax = 4, ZDim = 2, WDim = 3, MappingLayers = 2 });
        var discriminator = GanOperations.Discriminator(new() { Resolution = 8, ChannelBase = 32, ChannelMax = 4 });

        // mapping 2·3·(2+3); b4: conv1, image, styles of 4 + 4; b8: conv0 at 4×4, conv1, image, styles of 4 + 4 + 4.
        Assert.Equal(30 + (18 * 16 * 16 + 2 * 4 * 16 + 2 * 3 * 8) + (18 * 16 * 16 + 18 * 16 * 64 + 2 * 4 * 64 + 2 * 3 * 12), generator);
        // fromrgb; conv0, conv1 and shortcut at 4×4; conv with one more channel, fc, out.
        Assert.Equal(2 * 4 * 64 + (18 * 16 * 64 + 20 * 16 * 16) + (18 * 5 * 4 * 16 + 2 * 16 * 16 + 2 * 16), discriminator);
    }

    [Fact]
    public void Operations_OfAStep_AreFourGeneratorsAndEightDiscriminatorsAndThePenalties()
    {
        var o = new GanTrainingOptions { Gamma = 1, R1Interval = 16, PathLengthInterval = 4 };

        Assert.Equal(4 * 100 + 8 * 10 + 6 * 10 / 16.0 + 6 * 100 / 8.0, GanOperations.Step(o, 100, 10), 9);
        Assert.Equal(4 * 100 + 8 * 10, GanOperations.Step(o with { Gamma = 0, PathLengthInterval = 0 }, 100, 10), 9);
    }

    [Fact]
    public void Measure_AFewSteps_CountsWholeCycles()
    {
        var speed = GanSpeed.Measure("cpu-tiny", Precision.Float32, 17, ProgressSink.None, default);

        Assert.Equal(32, speed.Steps);
        Assert.True(speed.ImagesPerSecond > 0 && speed.ConvolutionGflops > 0);
        Assert.Equal(speed.Gflops / speed.ConvolutionGflops, speed.Share, 9);
        Assert.Contains("libtorch", speed.Machine, StringComparison.Ordinal);
    }

    [Fact]
    public void MachineLine_OneThread_HasNoPlural() => Assert.Equal(
        "CPU, 4 processors, 1 thread, OS, .NET 10, TorchSharp 0.107, libtorch 2.10, understudy 0.1",
        GanSpeed.MachineLine(new("0.1", "0.107", "2.10", ".NET 10", "OS", "CPU", Processors: 4, Threads: 1)));

    [Fact]
    public void Measure_UnknownSetting_IsRefused()
    {
        var error = Assert.Throws<OptionException>(() => GanSpeed.Measure("fast", Precision.Float32, 16, ProgressSink.None, default));

        Assert.Contains("reference-b", error.Message, StringComparison.Ordinal);
    }
}
