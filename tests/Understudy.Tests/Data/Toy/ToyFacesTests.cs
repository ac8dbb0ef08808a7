using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class ToyFacesTests
{
    [Fact]
    public void Draw_SameSeed_GivesTheSameFaces_AndAShorterSetIsTheBeginningOfALonger()
    {
        var (set, factors) = ToyFaces.Draw(new(60, Seed: 5));
        var (shorter, first) = ToyFaces.Draw(new(20, Seed: 5));
        var (other, _) = ToyFaces.Draw(new(60, Seed: 6));

        Assert.Equal(set.Subset([.. Enumerable.Range(0, 20)]).Fingerprint, shorter.Fingerprint);
        Assert.Equal(factors[..20], first);
        Assert.NotEqual(set.Fingerprint, other.Fingerprint);
        Assert.Equal(["toy-000000", "toy-000059"], [set.Ids[0], set.Ids[^1]]);
    }

    [Fact]
    public void Draw_EverySevenFaces_ShowAllSevenExpressions()
    {
        var (set, factors) = ToyFaces.Draw(new(71, Seed: 1, Size: 16));

        Assert.Equal(new ClassNames(["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]), set.Classes);
        Assert.All(set.CountsPerClass(), n => Assert.InRange(n, 10, 11));
        Assert.Equal(set.Labels, factors.Select(f => f.Expression));
    }

    [Fact]
    public void Draw_SizesAndColour_ShowTheSameFaces()
    {
        var (grey, f) = ToyFaces.Draw(new(3, Seed: 2, Size: 32));
        var (colour, g) = ToyFaces.Draw(new(3, Seed: 2, Size: 64, Channels: 3));

        Assert.Equal((new ImageShape(1, 32, 32), new ImageShape(3, 64, 64)), (grey.Shape, colour.Shape));
        Assert.Equal(f, g);
        for (int i = 0; i < 3; i++)
        {
            var small = new DecodedImage(colour.Shape, colour[i].ToArray()).WithChannels(1).Fit(32, 32, Crop.None);
            Assert.InRange(Correlation(grey[i], small.Pixels), .9, 1);
        }
    }

    [Fact]
    public void Draw_PlantedCopies_AreKnownAndFound()
    {
        var (set, factors) = ToyFaces.Draw(new(300, Seed: 3, ExactCopies: 12, NearCopies: 20, Noise: .5));
        var found = Duplicates.Find(set);

        Assert.All(factors[..268], f => Assert.Equal(-1, f.CopyOf));
        for (int i = 288; i < 300; i++)
        {
            Assert.True(set[i].SequenceEqual(set[factors[i].CopyOf]));
            Assert.Equal(found.ExactCluster[factors[i].CopyOf], found.ExactCluster[i]);
        }
        var near = Enumerable.Range(268, 20)
            .Count(i => found.Cluster[i] == found.Cluster[factors[i].CopyOf] && !set[i].SequenceEqual(set[factors[i].CopyOf]));
        Assert.InRange(near, 19, 20);
        Assert.Equal(12, found.Redundant);
    }

    [Fact]
    public void Draw_Identities_AreSoManyAndLookAlike()
    {
        var (set, factors) = ToyFaces.Draw(new(200, Seed: 4, Size: 24, Identities: 5, Noise: 0));

        Assert.Equal(5, factors.Select(f => f.Identity).Distinct().Count());
        double same = 0, other = 0;
        int samePairs = 0, otherPairs = 0;
        for (int i = 0; i < 200; i++)
        {
            for (int j = 0; j < i; j++)
            {
                var c = Correlation(set[i], set[j]);
                if (factors[i].Identity == factors[j].Identity) { same += c; samePairs++; }
                else { other += c; otherPairs++; }
            }
        }
        Assert.True(same / samePairs > other / otherPairs + .05,
            $"same {same / samePairs:0.000}, other {other / otherPairs:0.000}");
    }

    [Fact]
    public void Paint_SameExpression_ChangesEveryFaceAlike()
    {
        // What an expression adds to a person's resting face, learned from 30 people, tells it in 30 others.
        double[][] means = [.. Enumerable.Range(0, 7).Select(k => Mean(Enumerable.Range(0, 30).Select(i => Change(i, k))))];
        var right = 0;
        for (int i = 30; i < 60; i++)
        {
            for (int k = 0; k < 7; k++)
            {
                var change = Change(i, k);
                double[] distance = [.. means.Select(m => m.Zip(change, (a, b) => (a - b) * (a - b)).Sum())];
                if (Array.IndexOf(distance, distance.Min()) == k) right++;
            }
        }
        Assert.InRange(right / 210.0, .75, 1);
    }

    [Theory]
    [InlineData(0, 48, 1)]
    [InlineData(10, 4, 1)]
    [InlineData(10, 48, 2)]
    public void Draw_OptionOutOfRange_IsTheCallersMistake(int count, int size, int channels) =>
        Assert.Throws<OptionException>(() => ToyFaces.Draw(new(count, 1, size, channels)));

    private static double Correlation(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++) { ma += a[i]; mb += b[i]; }
        (ma, mb) = (ma / a.Length, mb / b.Length);
        for (int i = 0; i < a.Length; i++)
        {
            ab += (a[i] - ma) * (b[i] - mb);
            aa += (a[i] - ma) * (a[i] - ma);
            bb += (b[i] - mb) * (b[i] - mb);
        }
        return ab / Math.Sqrt(aa * bb);
    }

    private static double[] Change(int person, int expression)
    {
        byte[] shown = Frontal(person, expression, 1), rest = Frontal(person, 4, 1);
        return [.. shown.Zip(rest, (a, b) => (double)a - b)];
    }

    private static double[] Mean(IEnumerable<double[]> rows)
    {
        var all = rows.ToList();
        return [.. Enumerable.Range(0, all[0].Length).Select(p => all.Average(r => r[p]))];
    }

    private static byte[] Frontal(int person, int expression, ulong seed)
    {
        var canvas = new ToyCanvas(1, 24);
        var factors = new ToyFactors(expression, person, 1, (0, 0), 0, 0, 1, 0, "none", 0);
        ToyPainter.Paint(canvas, factors, ToyPerson.Draw(seed, person, 1), new(seed, "look", person));
        var pixels = new byte[24 * 24];
        canvas.Finish(factors, new(seed, "light", person), new(seed, "noise", person), pixels);
        return pixels;
    }
}
