namespace Understudy.Data;

/// <summary>Two images of a set that show the same.</summary>
/// <param name="A">The lower index.</param>
/// <param name="B">The higher index.</param>
/// <param name="Correlation">Normalised correlation at 16×16; 1 for equal pixels.</param>
/// <param name="Exact">Every pixel is equal.</param>
/// <param name="Flipped">They agree better when one is mirrored left to right.</param>
public readonly record struct DuplicatePair(int A, int B, float Correlation, bool Exact, bool Flipped);

/// <summary>What <see cref="Duplicates.Find"/> found.</summary>
/// <param name="Threshold">The correlation from which two images are near copies.</param>
/// <param name="Pairs">Exact copies as pairs with their first image, near copies between images that differ; by index. At most
/// <see cref="Duplicates.MaxPairs"/>; clusters and shares count all.</param>
/// <param name="Cluster">For each image the lowest index of its cluster: images linked by a chain of pairs, itself where it has
/// no copy.</param>
/// <param name="ExactCluster">The same for equal pixels alone.</param>
/// <param name="NearParts">For each image which parts hold a copy of it, itself apart, as bits in the order of
/// <paramref name="PartNames"/>.</param>
/// <param name="ExactParts">The same for exact copies alone.</param>
/// <param name="Blank">Images of one level all over, which take no part in the search.</param>
public sealed record DuplicateReport(double Threshold, IReadOnlyList<DuplicatePair> Pairs, long PairCount, int[] Cluster,
    int[] ExactCluster,
    uint[] NearParts, uint[] ExactParts, IReadOnlyList<string> PartNames, IReadOnlyList<int> Blank)
{
    /// <summary>The one part of a set without parts.</summary>
    public const string Whole = "all";

    /// <summary>Clusters of two images or more, each in index order.</summary>
    public IReadOnlyList<int[]> Clusters { get; } = Groups(Cluster);

    /// <summary>Images that could go without losing a picture: exact copies beyond the first of each.</summary>
    public int Redundant => ExactCluster.Where((c, i) => c != i).Count();

    /// <summary>Clusters of exact copies whose labels differ.</summary>
    public IReadOnlyList<int[]> Conflicts(ImageSet set) =>
        [.. Groups(ExactCluster).Where(g => g.Any(i => set.Labels[i] != set.Labels[g[0]]))];

    /// <summary>How many images of <paramref name="part"/> have a copy in <paramref name="other"/>.</summary>
    /// <exception cref="ArgumentException">No part of this name.</exception>
    public int CountAcross(ImageSet set, string part, string other, bool exact)
    {
        if (!PartNames.Contains(other))
            throw new ArgumentException($"the set has no part '{other}'; it has: {string.Join(", ", PartNames)}");
        var bit = 1u << PartNames.ToList().IndexOf(other);
        return Enumerable.Range(0, set.Count)
            .Count(i => (set.Parts?[i] ?? Whole) == part && ((exact ? ExactParts : NearParts)[i] & bit) != 0);
    }

    /// <summary>
    /// A group name per image for <see cref="Splitter"/>: the cluster's first id, or empty where an image has no copy.
    /// </summary>
    public string[] SplitGroups(ImageSet set)
    {
        var sizes = Cluster.CountBy(c => c).ToDictionary();
        return [.. Cluster.Select(c => sizes[c] > 1 ? set.Ids[c] : "")];
    }

    private static int[][] Groups(int[] cluster) =>
        [.. cluster.Index().GroupBy(p => p.Item, p => p.Index).Where(g => g.Count() > 1).Select(g => g.ToArray())
            .OrderBy(g => g[0])];
}
