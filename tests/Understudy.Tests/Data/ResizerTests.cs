using System.Text.Json;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class ResizerTests
{
    [Fact]
    public void Resize_AsPilDoes_WithinOneLevel()
    {
        foreach (JsonElement c in PilOracle.Root.GetProperty("resize").EnumerateArray())
        {
            var (from, to) = (c.Ints("from"), c.Ints("to"));
            var target = new byte[to[0] * to[1]];
            Resizer.Resize(c.Bytes("source"), new(1, from[0], from[1]), target, to[0], to[1]);
            Assert.InRange(PilOracle.LargestDifference(target, c.Bytes("expected")), 0, 1);
        }
    }

    [Fact]
    public void Resize_ToTheSameSize_ChangesNothing()
    {
        byte[] source = [.. Enumerable.Range(0, 3 * 4 * 5).Select(i => (byte)(i * 4))];
        var target = new byte[source.Length];
        Resizer.Resize(source, new(3, 4, 5), target, 4, 5);
        Assert.Equal(source, target);
    }

    [Fact]
    public void Resize_HalfOfTwoLevels_RoundsAwayFromZero()
    {
        var target = new byte[1];
        Resizer.Resize([0, 1], new(1, 1, 2), target, 1, 1);
        Assert.Equal(1, target[0]);
    }

    [Fact]
    public void Resize_Set_KeepsIdsLabelsPartsAndEveryChannel()
    {
        var shape = new ImageShape(3, 8, 8);
        byte[] pixels = [.. Enumerable.Range(0, 2 * shape.Size).Select(i => (byte)(10 * (i / 64)))];   // each plane one level
        var set = new ImageSet(new(["a", "b"]), shape, ["x", "y"], [1, 0], pixels, ["train", "test"]);
        var small = Resizer.Resize(set, 3, 5);

        Assert.Equal(new(3, 3, 5), small.Shape);
        Assert.Equal((set.Ids, set.Labels, set.Parts), (small.Ids, small.Labels, small.Parts),
            (a, b) => a.Ids.SequenceEqual(b.Ids) && a.Labels.SequenceEqual(b.Labels) && a.Parts!.SequenceEqual(b.Parts!));
        Assert.Equal(Enumerable.Range(0, 6).SelectMany(plane => Enumerable.Repeat((byte)(10 * plane), 15)),
            small.Pixels.ToArray());
    }
}
