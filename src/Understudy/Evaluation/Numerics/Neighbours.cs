namespace Understudy.Evaluation.Numerics;

/// <summary>
/// The k nearest rows of every row, by exact brute force, Euclidean, nearest first; the lower index of equals first.
/// </summary>
internal sealed class Neighbours
{
    private readonly double[] _squared;
    private readonly int[] _indices;

    private Neighbours(double[] squared, int[] indices, int k) => (_squared, _indices, K) = (squared, indices, k);

    public int K { get; }

    public int Count => _indices.Length / K;

    /// <summary>The squared distance from a row to its <paramref name="rank"/>th neighbour, counted from 0.</summary>
    public double Squared(int row, int rank) => _squared[row * K + rank];

    public double Distance(int row, int rank) => Math.Sqrt(Squared(row, rank));

    public int Index(int row, int rank) => _indices[row * K + rank];

    /// <summary>The neighbours of each row of <paramref name="queries"/> among <paramref name="references"/>.</summary>
    public static Neighbours Between(Features queries, Features references, int k)
    {
        Features.RequireSameDimension(queries, references, nameof(references));
        return Find(queries, references, k, excludeSelf: false);
    }

    /// <summary>
    /// The neighbours of each row among the others of the same set; a copy of a row is a neighbour at distance 0.
    /// </summary>
    public static Neighbours Within(Features features, int k) => Find(features, features, k, excludeSelf: true);

    private static Neighbours Find(Features queries, Features references, int k, bool excludeSelf)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        var available = references.Count - (excludeSelf ? 1 : 0);
        if (k > available)
            throw new ArgumentException($"{k} nearest neighbours need more than {Math.Max(0, available)} other images",
                nameof(k));
        var squared = new double[queries.Count * k];
        var indices = new int[queries.Count * k];
        Pairs.Visit<SquaredDistance>(queries, references, (row, sums) =>
        {
            var nearest = squared.AsSpan(row * k, k);
            var index = indices.AsSpan(row * k, k);
            nearest.Fill(double.PositiveInfinity);
            for (int j = 0; j < sums.Length; j++)
            {
                if (sums[j] >= nearest[k - 1] || (excludeSelf && j == row)) continue;
                int at = k - 1;
                for (; at > 0 && nearest[at - 1] > sums[j]; at--) (nearest[at], index[at]) = (nearest[at - 1], index[at - 1]);
                (nearest[at], index[at]) = (sums[j], j);
            }
        });
        return new(squared, indices, k);
    }
}
