using Understudy.Common;
using Understudy.Networks;
using Understudy.Training.Benchmarks;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Benchmarks;

[Collection("torch")]
public sealed class ClassifierSpeedTests
{
    [Theory]
    [InlineData(Precision.Float32, 1)]
    [InlineData(Precision.BFloat16, 3)]
    public void Measure_ScreeningNet_GivesNumbersThatAgreeWithEachOther(Precision precision, int channels)
    {
        var options = ClassifierOptions.Recipe("screening") with { Size = 16, Batch = 8, Precision = precision };
        var s = ClassifierSpeed.Measure(options, channels, seconds: .01);
        Assert.Equal(("screening", 16, channels, 8, precision), (s.Arch, s.Size, s.Channels, s.Batch, s.Precision));
        Assert.InRange(s.LoadingShare, 1e-6, .999);
        foreach (var (rate, lowest) in new[] { (s.Training, 5.0), (s.Prediction, 4.0) })
        {
            // Operations per image: three passes but the first layer's, or two (with the mirror image), twice the multiply-adds
            // each.
            Assert.InRange(rate.Gflops * 1e9 / rate.ImagesPerSecond / s.MultiplyAdds, lowest - .01, lowest + 1);
            Assert.Equal(rate.Gflops / s.ConvolutionGflops, rate.Share, 1e-9);
        }
    }

    [Fact]
    public void Measure_Cancelled_Ends()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            ClassifierSpeed.Measure(ClassifierOptions.Recipe("screening") with { Size = 16, Batch = 4 }, 1, .01, source.Token));
    }

    [Fact]
    public void Measure_OptionOutOfRange_IsRefused() =>
        Assert.Throws<OptionException>(() =>
            ClassifierSpeed.Measure(ClassifierOptions.Recipe("screening") with { Batch = 1 }, 1, 1));
}
