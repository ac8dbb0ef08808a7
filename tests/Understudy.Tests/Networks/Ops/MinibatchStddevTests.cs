using TorchSharp;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Ops;

[Collection("torch")]
public sealed class MinibatchStddevTests
{
    [Fact]
    public void Append_TwoGroupsTwoChannels_EqualsTheDefinition()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(2);
        var x = randn([4, 6, 2, 2], generator: random);
        var values = x.data<float>().ToArray();
        float At(int n, int c, int p) => values[(n * 6 + c) * 4 + p];

        var y = MinibatchStddev.Append(x, group: 2, channels: 2);

        Assert.Equal([4, 8, 2, 2], y.shape);
        for (int n = 0; n < 4; n++)
        {
            for (int f = 0; f < 2; f++)
            {
                double sum = 0;
                for (int c = 3 * f; c < 3 * f + 3; c++)
                {
                    for (int p = 0; p < 4; p++)
                    {
                        // members are strided: 0 with 2, 1 with 3
                        var (a, b) = (At(n % 2, c, p), At(n % 2 + 2, c, p));
                        sum += Math.Sqrt((a - b) * (a - b) / 4.0 + 1e-8);
                    }
                }
                for (int p = 0; p < 4; p++) Assert.Equal(sum / 12, y[n, 6 + f, p / 2, p % 2].item<float>(), 1e-5);
            }
        }
    }

    /// <summary>Two groups within each batch: members are strided within it.</summary>
    [Theory]
    [InlineData(2, 1), InlineData(2, 2), InlineData(4, 1), InlineData(8, 2)]
    public void Append_SeveralBatches_AreAsIfEachCameAlone(int group, int channels)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3);
        var x = randn([12, 4, 2, 2], generator: random);
        var each = Enumerable.Range(0, 3).Select(b => MinibatchStddev.Append(x.narrow(0, 4 * b, 4), group, channels)).ToArray();
        Assert.True(cat(each, 0).allclose(MinibatchStddev.Append(x, group, channels, batches: 3)));
    }

    [Fact]
    public void Append_BatchSmallerThanGroup_IsOneGroup()
    {
        using var scope = NewDisposeScope();
        var x = stack([full(2, 1, 1, 3f), full(2, 1, 1, 5f)]);

        Assert.Equal(1f, MinibatchStddev.Append(x, group: 32, channels: 1)[0, 2, 0, 0].item<float>(), 1e-5f);
    }

    [Fact]
    public void Append_GroupThatDoesNotDivide_NamesBoth()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => MinibatchStddev.Append(ones(6, 2, 1, 1), 4, 1));
        Assert.Equal("a batch of 6 does not split into groups of 4: change the batch or stddev_group", error.Message);
    }
}
