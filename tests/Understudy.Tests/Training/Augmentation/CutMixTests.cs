using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Augmentation;

[Collection("torch")]
public sealed class CutMixTests
{
    /// <summary>
    /// Images of one value each: what is not their own is the box, its share of the pixels is what their targets lost.
    /// </summary>
    [Fact]
    public void Apply_ManySteps_TakesOneBoxOfTheImageBeforeAndItsShareOfTheTarget()
    {
        using var scope = NewDisposeScope();
        var x = arange(1, 5, ScalarType.Float32).view(4, 1, 1, 1).expand(4, 1, 12, 8);
        var (t, w) = (eye(4), tensor([1f, 1, .5f, 2]));
        var shares = new HashSet<float>();
        for (int step = 0; step < 20; step++)
        {
            var (images, targets, weights) = CutMix.Apply(x, t, w, 1, 5, step);
            var box = images.ne(x);
            var share = box[0].sum().item<long>() / 96f;
            shares.Add(share);
            for (int i = 0; i < 4; i++)
            {
                var before = (i + 3) % 4;
                Assert.True(box[i].eq(box[0]).all().item<bool>());
                Assert.True(images[i].masked_select(box[i]).eq(before + 1).all().item<bool>());
                var expected = t[i] * w[i] * (1 - share) + t[before] * w[before] * share;
                Assert.InRange((targets[i] * weights[i] - expected).abs().max().item<float>(), 0, 1e-6);
            }
            var (rows, columns) = (box[0, 0].any(1, false).sum().item<long>(), box[0, 0].any(0, false).sum().item<long>());
            Assert.Equal(rows * columns, box[0].sum().item<long>());
            Assert.InRange((targets.sum(1) - 1).abs().max().item<float>(), 0, 1e-6);
        }
        Assert.True(shares.Count > 10);
    }

    [Theory]
    [InlineData(8, .5, .5, 2, 4), InlineData(8, .5, 0, 0, 2), InlineData(8, .5, .875, 5, 3), InlineData(8, 0, .3, 2, 0),
        InlineData(8, 1, .5, 0, 8)]
    public void Span_HandWorked_CutsOffWhatHangsOver(long length, double share, double centre, long first, long count) =>
        Assert.Equal((first, count), CutMix.Span(length, share, centre));
}
