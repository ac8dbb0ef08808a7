using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class CopiesTests
{
    private static readonly string[] Roles = ["test", "test", "test", "test", "generator", "validation", "generator", ""];

    [Fact]
    public void Find_PlantedCopies_AreNamedWithWhereTheyAre()
    {
        // 0 equals 4; 1 is 5 in other brightness, mirrored; 2 equals 3, both tested; 7 equals 6 and takes no part.
        var copies = Copies.Find(Planted(), Roles, "test");

        Assert.Equal([("t0", "exact copy in generator"), ("t1", "near copy in validation")],
            copies.Reasons.Select(r => (r.Key, r.Value)));
        Assert.Equal([("t2", "t2"), ("t3", "t2")], copies.Clusters.Select(r => (r.Key, r.Value)));
    }

    [Fact]
    public void Find_CopyThatTakesNoPart_DoesNotCount() =>
        Assert.Empty(Copies.Find(Planted(), [.. Roles.Select(r => r == "test" ? "test" : "")], "test").Reasons);

    private static ImageSet Planted()
    {
        const int side = 16, size = side * side;
        var pixels = new byte[8 * size];
        byte[] Draw(ulong seed)
        {
            var random = new Understudy.Common.KeyedRandom(seed, "copies");
            return [.. Enumerable.Range(0, size).Select(_ => (byte)(50 + random.Next(150)))];
        }
        void Put(int i, byte[] image) => image.CopyTo(pixels, i * size);
        byte[] a = Draw(1), b = Draw(2), c = Draw(3), d = Draw(4);
        Put(0, a);
        Put(1, b);
        Put(2, c);
        Put(3, c);
        Put(4, a);
        Put(5, [.. Enumerable.Range(0, size).Select(i => (byte)(b[i / side * side + side - 1 - i % side] + 20))]);
        Put(6, d);
        Put(7, d);
        return new(new(["x"]), new(1, side, side), ["t0", "t1", "t2", "t3", "g4", "v5", "g6", "n7"], new int[8], pixels);
    }
}
