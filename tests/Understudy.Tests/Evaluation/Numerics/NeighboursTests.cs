using Understudy.Evaluation;
using Understudy.Evaluation.Numerics;

namespace Understudy.Tests.Evaluation.Numerics;

public sealed class NeighboursTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(33, 65, 5, 3)]
    [InlineData(70, 129, 17, 5)]
    [InlineData(64, 64, 128, 1)]
    public void Between_AnyShape_IsWhatSortingAllDistancesGives(int queries, int references, int d, int k)
    {
        Features a = Draws.Normal(queries, d, 1), b = Draws.Normal(references, d, 2);
        var n = Neighbours.Between(a, b, k);
        for (int i = 0; i < queries; i++)
        {
            var all = Enumerable.Range(0, references).Select(j => (Squared: Squared(a[i], b[j]), j)).Order().Take(k).ToArray();
            for (int r = 0; r < k; r++)
            {
                Assert.Equal(all[r].j, n.Index(i, r));
                Assert.Equal(all[r].Squared, n.Squared(i, r), 1e-12 * Math.Max(1, all[r].Squared));
            }
        }
    }

    [Fact]
    public void Within_Copies_AreAtExactlyZeroAndNotOneself()
    {
        var x = Draws.Map(Draws.Normal(40, 7, 1), (v, _) => 1e4f + v);
        var n = Neighbours.Within(Draws.Join(x, x), 1);
        for (int i = 0; i < 80; i++)
        {
            Assert.Equal((i + 40) % 80, n.Index(i, 0));
            Assert.Equal(0, n.Squared(i, 0));
        }
    }

    [Fact]
    public void Between_PointsFarFromTheOrigin_LosesNothing()
    {
        // |x|² − 2xy + |y|² in float32 would give 0 or worse here.
        var n = Neighbours.Between(Draws.Of(2, 10_000, 10_000), Draws.Of(2, 10_000.01f, 10_000, 10_000, 9_999), 2);
        Assert.Equal(Math.Pow((double)10_000.01f - 10_000, 2), n.Squared(0, 0), 1e-15);
        Assert.Equal(1, n.Squared(0, 1));
    }

    [Fact]
    public void Visit_BothWaysRound_GivesTheSameBits()
    {
        Features a = Draws.Normal(50, 13, 1), b = Draws.Normal(90, 13, 2);
        double[,] ab = new double[50, 90], ba = new double[90, 50];
        Pairs.Visit<SquaredDistance>(a, b, (i, sums) => { for (int j = 0; j < 90; j++) ab[i, j] = sums[j]; });
        Pairs.Visit<SquaredDistance>(b, a, (j, sums) => { for (int i = 0; i < 50; i++) ba[j, i] = sums[i]; });
        for (int i = 0; i < 50; i++)
        {
            for (int j = 0; j < 90; j++)
                Assert.Equal(BitConverter.DoubleToInt64Bits(ab[i, j]), BitConverter.DoubleToInt64Bits(ba[j, i]));
        }
    }

    [Fact]
    public void Moments_FarFromTheOrigin_AreThoseAroundTheMean()
    {
        // 300 images: more than one chunk of the sum.
        var x = Draws.Map(Draws.Normal(300, 70, 1), (v, k) => MathF.Round(v * 64) / 64 + 4096 * (k % 3));
        var m = Moments.Of(x);
        foreach (var (i, j) in new[] { (0, 0), (1, 69), (69, 1), (33, 34), (69, 69) })
        {
            double mi = Enumerable.Range(0, 300).Average(s => (double)x[s][i]), mj = Enumerable.Range(0, 300)
                .Average(s => (double)x[s][j]);
            Assert.Equal(Enumerable.Range(0, 300).Sum(s => (x[s][i] - mi) * (x[s][j] - mj)) / 299, m.Covariance[i, j], 1e-10);
        }
    }

    private static double Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++) sum += ((double)a[k] - b[k]) * ((double)a[k] - b[k]);
        return sum;
    }
}
