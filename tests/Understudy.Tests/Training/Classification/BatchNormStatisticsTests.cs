using Understudy.Networks.Classifiers;
using Understudy.Tests.Networks.Classifiers;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

[Collection("torch")]
public sealed class BatchNormStatisticsTests
{
    [Theory]
    [InlineData(2), InlineData(8)]
    public void Gather_OneNorm_HoldsTheMeanOverTheBatches(int channels)
    {
        using var scope = NewDisposeScope();
        var norm = nn.BatchNorm2d(channels);
        var net = new Layers(norm);
        Tensor[] batches = [.. Enumerable.Range(0, 3)
            .Select(k => PyTorchOracle.Wave(new string('x', k + 1), k + 1, 4, channels, 3, 3))];
        // What came before must not count.
        norm.running_mean!.fill_(1000);
        BatchNormStatistics.Gather(net, k => batches[k].alias(), 3);
        for (int c = 0; c < channels; c++)
        {
            var values = batches.Select(b => b.select(1, c).data<float>().ToArray().Select(v => (double)v).ToArray()).ToList();
            Assert.Equal(values.Average(v => v.Average()), norm.running_mean[c].item<float>(), 1e-5);
            var variances = values.Select(v => v.Sum(x => (x - v.Average()) * (x - v.Average())) / (v.Length - 1));
            Assert.Equal(variances.Average(), norm.running_var![c].item<float>(), 1e-4);
        }
        Assert.Equal(.1, norm.momentum);
        Assert.False(net.training || norm.training);
    }

    [Theory]
    [InlineData(0, .1)]
    [InlineData(8, .5)]
    [InlineData(100_000, .999)]
    public void AverageDecay_WarmsUp(long step, double expected) =>
        Assert.Equal(expected, LearningRule.AverageDecay(.999, step), 1e-12);
}
