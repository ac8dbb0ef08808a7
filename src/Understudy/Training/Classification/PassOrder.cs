using Understudy.Common;
using Understudy.Data;

namespace Understudy.Training.Classification;

/// <summary>The rows of each pass over a selection, in an order of its own that is a function of (seed, pass).</summary>
internal sealed class PassOrder
{
    private readonly int _count;
    private readonly ulong _seed;
    private readonly int[][]? _byClass;
    private (long Pass, int[] Order) _pass = (-1, []);

    /// <param name="balanced">
    /// Every class stands in a pass equally often, to within one: rows of a small class come again, of a large one some are left
    /// out, other ones in another pass. A row's class is its label. Otherwise every row comes once.
    /// </param>
    public PassOrder(Selection selection, bool balanced, ulong seed)
    {
        (_count, _seed) = (selection.Rows.Count, seed);
        if (balanced)
        {
            _byClass = [.. selection.Rows.Index().GroupBy(r => r.Item.Label, r => r.Index).OrderBy(g => g.Key)
                .Select(g => g.ToArray())];
        }
    }

    /// <summary>As many row numbers as there are rows. The array is this object's.</summary>
    public int[] Of(long pass)
    {
        if (_pass.Pass == pass) return _pass.Order;
        var random = new KeyedRandom(_seed, "classifier/order", pass);
        _pass = (pass, _byClass is null ? random.Permutation(_count) : Balanced(_byClass, random));
        return _pass.Order;
    }

    private int[] Balanced(int[][] byClass, KeyedRandom random)
    {
        // Which classes have one row more than the others is drawn anew for every pass.
        var order = random.Permutation(byClass.Length);
        var rows = order.Index()
            .SelectMany(c => Drawn(byClass[c.Item], (_count + byClass.Length - 1 - c.Index) / byClass.Length, random)).ToArray();
        random.Shuffle<int>(rows);
        return rows;
    }

    /// <summary>All rows of a class before any comes again.</summary>
    private static IEnumerable<int> Drawn(int[] rows, int count, KeyedRandom random)
    {
        for (int done = 0; done < count; done += rows.Length)
        {
            foreach (var at in random.Permutation(rows.Length).Take(count - done)) yield return rows[at];
        }
    }
}
