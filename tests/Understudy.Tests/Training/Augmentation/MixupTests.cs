using Understudy.Common;
using Understudy.Tests.Networks.Classifiers;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Augmentation;

[Collection("torch")]
public sealed class MixupTests
{
    [Fact]
    public void Apply_ImagesTargetsAndWeights_AreMixedInTheSameProportion()
    {
        using var scope = NewDisposeScope();
        var (x, t, w) = (PyTorchOracle.Wave("x", 1, 4, 1, 3, 3), eye(4), tensor([1f, 1, 0, 2]));
        var (images, targets, weights) = Mixup.Apply(x, t, w, .2, 5, 11);
        var lambda = targets[1, 1].item<float>();
        Assert.InRange(lambda, 0, 1);
        for (int i = 0; i < 4; i++)
        {
            var before = (i + 3) % 4;
            Assert.InRange((images[i] - (x[i] * lambda + x[before] * (1 - lambda))).abs().max().item<float>(), 0, 1e-6);
            // weight × target is what the loss is linear in.
            var expected = t[i] * w[i] * lambda + t[before] * w[before] * (1 - lambda);
            Assert.InRange((targets[i] * weights[i] - expected).abs().max().item<float>(), 0, 1e-6);
        }
        Assert.InRange((targets.sum(1) - 1).abs().max().item<float>(), 0, 1e-6);
    }

    /// <summary>Beta(α, α) has mean ½ and variance 1 / (4 (2α + 1)).</summary>
    [Theory]
    [InlineData(.2)]
    [InlineData(1)]
    [InlineData(3)]
    public void Beta_ManyDraws_HasItsMeanAndVariance(double alpha)
    {
        var random = new KeyedRandom(9);
        var draws = Enumerable.Range(0, 20_000).Select(_ => Mixup.Beta(alpha, random)).ToList();
        var mean = draws.Average();
        Assert.InRange(mean, .49, .51);
        var variance = 1 / (4 * (2 * alpha + 1));
        Assert.InRange(draws.Average(d => (d - mean) * (d - mean)), .96 * variance, 1.04 * variance);
    }
}
