using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

public sealed class PassOrderTests
{
    private static readonly int[] s_labels = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2];

    private static readonly Selection s_selection =
        new(new(["a", "b", "c"]), [.. s_labels.Select((l, i) => new SelectedImage("set", $"{i}", l))]);

    [Fact]
    public void Of_Plain_IsTheSeedsPermutation() =>
        Assert.Equal(new KeyedRandom(5, "classifier/order", 3).Permutation(10),
            new PassOrder(s_selection, balanced: false, 5).Of(3));

    /// <summary>
    /// Ten places for three classes are 4, 3 and 3; of seven images four are shown, of two one comes twice, the only one three or
    /// four times.
    /// </summary>
    [Fact]
    public void Of_Balanced_ShowsEveryClassEquallyOftenAndNoImageAgainBeforeTheOthers()
    {
        var order = new PassOrder(s_selection, balanced: true, 5);
        var (more, shown) = (new HashSet<int>(), new HashSet<int>());
        for (int pass = 0; pass < 30; pass++)
        {
            var rows = order.Of(pass);
            Assert.Equal(10, rows.Length);
            var counts = Enumerable.Range(0, 3).Select(k => rows.Count(r => s_labels[r] == k)).ToArray();
            Assert.Equal([3, 3, 4], counts.Order());
            more.Add(Array.IndexOf(counts, 4));
            shown.UnionWith(rows);
            Assert.True(rows.Where(r => r < 7).Distinct().Count() == counts[0]);
            Assert.InRange(Math.Abs(rows.Count(r => r == 7) - rows.Count(r => r == 8)), 0, 1);
            Assert.Equal(rows, new PassOrder(s_selection, balanced: true, 5).Of(pass));
        }
        Assert.Equal((3, 10), (more.Count, shown.Count));
        Assert.NotEqual(order.Of(0).ToArray(), order.Of(1));
    }
}
