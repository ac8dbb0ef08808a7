using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class DuplicatesTests
{
    private static readonly ImageShape Shape = new(1, 24, 20);

    /// <summary>
    /// Smooth random pictures: what a photograph's low frequencies look like, with chance correlations far from the threshold.
    /// </summary>
    private static byte[] Picture(ulong seed)
    {
        var r = new KeyedRandom(seed, "picture");
        var coarse = new byte[25];
        for (int i = 0; i < 25; i++) coarse[i] = (byte)r.Next(256);
        var to = new byte[Shape.Size];
        Resizer.Resize(coarse, new(1, 5, 5), to, Shape.Height, Shape.Width);
        return to;
    }

    private static byte[] Mirrored(byte[] image) =>
        [.. Enumerable.Range(0, Shape.Height).SelectMany(y => image.Skip(y * Shape.Width).Take(Shape.Width).Reverse())];

    private static byte[] Darker(byte[] image) => [.. image.Select(p => (byte)(p / 2 + 20))];

    private static ImageSet Set(List<byte[]> images, int[]? labels = null, string[]? parts = null) => new(new(["a", "b"]), Shape,
        [.. images.Select((_, i) => $"i{i}")], labels ?? new int[images.Count], [.. images.SelectMany(p => p)], parts);

    [Fact]
    public void Find_PlantedCopies_AreFoundAndNothingElse()
    {
        var images = Enumerable.Range(0, 60).Select(i => Picture((ulong)i)).ToList();
        images.AddRange([[.. images[3]], Darker(images[7]), Mirrored(images[11]), [.. images[3]]]);
        var found = Duplicates.Find(Set(images));

        Assert.Equal([(3, 60, true, false), (3, 63, true, false), (7, 61, false, false), (11, 62, false, true)],
            found.Pairs.Select(p => (p.A, p.B, p.Exact, p.Flipped)));
        Assert.Equal([[3, 60, 63], [7, 61], [11, 62]], found.Clusters);
        Assert.Equal(2, found.Redundant);
        Assert.DoesNotContain(Duplicates.Find(Set(images), flips: false).Pairs, p => p.Flipped);
    }

    [Fact]
    public void Find_AgreesWithEveryPairComputedPlainly()
    {
        var r = new KeyedRandom(9);
        var images = new List<byte[]>();
        for (int i = 0; i < 90; i++)
        {
            // Mixtures of few pictures: correlations everywhere, many about the threshold.
            byte[] a = Picture((ulong)r.Next(6)), b = Picture((ulong)(10 + r.Next(3)));
            var share = r.Uniform(.0, .5);
            images.Add([.. a.Zip(r.Next(4) == 0 ? Mirrored(b) : b, (x, y) => (byte)(x * (1 - share) + y * share + r.Next(9)))]);
        }
        var expected = new List<(int, int, bool)>();
        for (int i = 0; i < images.Count; i++)
        {
            for (int j = i + 1; j < images.Count; j++)
            {
                double same = Correlation(Area16(images[i]), Area16(images[j])),
                    mirrored = Correlation(Area16(images[i]), Area16(Mirrored(images[j])));
                if (Math.Max(same, mirrored) >= .95) expected.Add((i, j, mirrored > same));
            }
        }
        var found = Duplicates.Find(Set(images));

        Assert.InRange(expected.Count, 100, 3000);
        Assert.Equal(expected, found.Pairs.Select(p => (p.A, p.B, p.Flipped)));
    }

    [Fact]
    public void Find_AcrossParts_CountsImagesNotPairs()
    {
        byte[] a = Picture(1), b = Picture(2), c = Picture(3);
        var set = Set([a, a, b, c, a, Darker(b), Picture(4)],
            parts: ["train", "train", "train", "train", "test", "test", "test"]);
        var found = Duplicates.Find(set);

        Assert.Equal((1, 2),
            (found.CountAcross(set, "test", "train", exact: true), found.CountAcross(set, "test", "train", exact: false)));
        Assert.Equal((2, 3),
            (found.CountAcross(set, "train", "test", exact: true), found.CountAcross(set, "train", "test", exact: false)));
        Assert.Equal((2, 0),
            (found.CountAcross(set, "train", "train", exact: true), found.CountAcross(set, "test", "test", exact: false)));
        Assert.Throws<ArgumentException>(() => found.CountAcross(set, "test", "holdout", true));
    }

    [Fact]
    public void Find_CopyOfANearCopy_IsCountedAcross()
    {
        byte[] a = Picture(1);
        var set = Set([a, Darker(a), Darker(a)], parts: ["train", "test", "test"]);
        Assert.Equal(2, Duplicates.Find(set).CountAcross(set, "test", "train", exact: false));
    }

    [Fact]
    public void Conflicts_OnePictureUnderTwoLabels_IsListed()
    {
        var set = Set([Picture(1), Picture(1), Picture(2), Picture(2), Picture(3)], labels: [0, 1, 0, 0, 1]);
        Assert.Equal([[0, 1]], Duplicates.Find(set).Conflicts(set));
    }

    [Fact]
    public void Find_BlankImages_AreListedAndNoCopies()
    {
        var black = new byte[Shape.Size];
        var found = Duplicates.Find(Set([black, Picture(1), black, [.. black.Select(_ => (byte)9)]]));

        Assert.Equal([0, 2, 3], found.Blank);
        Assert.Empty(found.Pairs);
    }

    [Fact]
    public void SplitGroups_OfCopies_KeepThemInOneRole()
    {
        var images = Enumerable.Range(0, 40).Select(i => Picture((ulong)i)).ToList();
        images.AddRange(images.Take(20).Select(Darker).ToList());
        var set = Set(images);
        var groups = Duplicates.Find(set).SplitGroups(set);
        var split = Splitter.Make(set, new(Generator: .5, Validation: .25, Test: .25), groups);

        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(split[$"i{i}"], split[$"i{40 + i}"]));
        Assert.Equal(("i0", ""), (groups[40], groups[30]));
    }

    [Fact]
    public void Find_TinyAndColourImages_AreCompared()
    {
        byte[] a = [255, 0, 0, 10, 0, 200, 0, 90, 7, 9, 250, 33];
        var set = new ImageSet(new(["x"]), new(3, 2, 2), ["p", "q", "r"], [0, 0, 0],
            [.. a, .. a.Select(v => (byte)(v / 2)), .. a.Reverse()]);
        Assert.Equal([(0, 1)], Duplicates.Find(set).Pairs.Select(p => (p.A, p.B)));
    }

    [Fact]
    public void Find_ThresholdOutOfRange_IsTheCallersMistake() =>
        Assert.Throws<OptionException>(() => Duplicates.Find(Set([Picture(1)]), threshold: 1.5));

    private static double[] Area16(byte[] image)
    {
        var cells = new double[256];
        for (int y = 0; y < Shape.Height * 16; y++)
        {
            for (int x = 0; x < Shape.Width * 16; x++)
                cells[y / Shape.Height * 16 + x / Shape.Width] += image[y / 16 * Shape.Width + x / 16];
        }
        return cells;
    }

    private static double Correlation(double[] a, double[] b)
    {
        double ma = a.Average(), mb = b.Average(), ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            ab += (a[i] - ma) * (b[i] - mb);
            aa += (a[i] - ma) * (a[i] - ma);
            bb += (b[i] - mb) * (b[i] - mb);
        }
        return ab / Math.Sqrt(aa * bb);
    }
}
