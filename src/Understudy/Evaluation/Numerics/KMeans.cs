using Understudy.Common;

namespace Understudy.Evaluation.Numerics;

/// <summary>k-means: seeded by k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's steps until nothing moves.</summary>
internal static class KMeans
{
    private const int MaxSteps = 100;

    /// <returns>The centres, one row per cell.</returns>
    public static Features Fit(Features features, int cells, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cells);
        if (cells > features.Count)
            throw new ArgumentException($"{cells} cells need at least as many images; there are {features.Count}", nameof(cells));
        var centres = Seeded(features, cells, new KeyedRandom(seed, "k-means"));
        var assigned = Assign(features, centres);
        for (int step = 0; step < MaxSteps; step++)
        {
            centres = Means(features, assigned, centres);
            var next = Assign(features, centres);
            if (next.AsSpan().SequenceEqual(assigned)) break;
            assigned = next;
        }
        return centres;
    }

    /// <summary>The nearest centre of each row; the first of equals.</summary>
    public static int[] Assign(Features features, Features centres)
    {
        var nearest = Neighbours.Between(features, centres, 1);
        return [.. Enumerable.Range(0, features.Count).Select(i => nearest.Index(i, 0))];
    }

    private static Features Seeded(Features features, int cells, KeyedRandom random)
    {
        var chosen = new List<int> { random.Next(features.Count) };
        while (chosen.Count < cells)
        {
            var nearest = Neighbours.Between(features, features.Select(chosen), 1);
            double total = 0;
            for (int i = 0; i < features.Count; i++) total += nearest.Squared(i, 0);
            double at = random.Uniform() * total, sum = 0;
            int next = 0;
            for (int i = 0; i < features.Count; i++)
            {
                sum += nearest.Squared(i, 0);
                next = i;
                if (sum > at) break;
            }
            chosen.Add(next);
        }
        return features.Select(chosen);
    }

    private static Features Means(Features features, int[] assigned, Features before)
    {
        var sums = new double[before.Count, features.Dimension];
        var counts = new int[before.Count];
        for (int i = 0; i < features.Count; i++)
        {
            counts[assigned[i]]++;
            var row = features[i];
            for (int k = 0; k < row.Length; k++) sums[assigned[i], k] += row[k];
        }
        var values = new float[before.Count * features.Dimension];
        for (int c = 0; c < before.Count; c++)
        {
            // An empty cell keeps its centre.
            for (int k = 0; k < features.Dimension; k++)
                values[c * features.Dimension + k] = counts[c] > 0 ? (float)(sums[c, k] / counts[c]) : before[c][k];
        }
        return new(values, features.Dimension);
    }
}
