using Understudy.Common;
using Understudy.Networks;
using Understudy.Training.Benchmarks;

namespace Understudy.Tests.Training.Benchmarks;

[Collection("torch")]
public sealed class GanSpeedTests
{
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
        var error = Assert.Throws<OptionException>(() =>
            GanSpeed.Measure("fast", Precision.Float32, 16, ProgressSink.None, default));

        Assert.Contains("reference-b", error.Message, StringComparison.Ordinal);
    }
}
