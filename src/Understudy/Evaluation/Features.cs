using Understudy.Evaluation.Numerics;

namespace Understudy.Evaluation;

/// <summary>
/// One row of numbers per image: what a feature extractor, or the raw pixels, say of it. Distances and sums are taken in
/// float64.
/// </summary>
public sealed class Features : IRows
{
    private readonly float[] _values;

    /// <param name="values">[N, D] in row-major order; not copied, and not to be changed afterwards.</param>
    /// <param name="dimension">D.</param>
    /// <exception cref="ArgumentException">A length that is no whole number of rows.</exception>
    /// <exception cref="InvalidDataException">A value that is NaN or infinite, with its place.</exception>
    public Features(float[] values, int dimension)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (values.Length % dimension != 0)
            throw new ArgumentException($"{values.Length} values are no whole number of rows of {dimension}", nameof(values));
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw new InvalidDataException(
                    FormattableString.Invariant(
                        $"features: image {i / dimension} has {values[i]} at {i % dimension}; the extractor or its input is broken"));
        }
        (_values, Dimension, Count) = (values, dimension, values.Length / dimension);
    }

    /// <summary>N, the number of images.</summary>
    public int Count { get; }

    /// <summary>D, numbers per image.</summary>
    public int Dimension { get; }

    /// <summary>The D numbers of image <paramref name="index"/>.</summary>
    public ReadOnlySpan<float> this[int index] => _values.AsSpan(index * Dimension, Dimension);

    void IRows.Load(int row, Span<double> destination)
    {
        var source = this[row];
        for (int k = 0; k < source.Length; k++) destination[k] = source[k];
    }

    /// <summary>The rows with these indices, in this order.</summary>
    public Features Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var values = new float[(long)rows.Count * Dimension];
        for (int i = 0; i < rows.Count; i++) this[rows[i]].CopyTo(values.AsSpan(i * Dimension));
        return new(values, Dimension);
    }

    /// <summary>
    /// The index of the first of every distinct row, ascending. Copies inside a set shrink k-NN balls to nothing, so
    /// neighbourhood metrics are computed without them.
    /// </summary>
    public int[] Distinct()
    {
        var seen = new HashSet<int>(new RowComparer(this));
        return [.. Enumerable.Range(0, Count).Where(seen.Add)];
    }

    /// <exception cref="ArgumentException">The two do not come from the same extractor.</exception>
    internal static void RequireSameDimension(Features a, Features b, string name)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b, name);
        if (a.Dimension != b.Dimension)
            throw new ArgumentException(
                $"features of {a.Dimension} and of {b.Dimension} numbers do not come from the same extractor", name);
    }

    private sealed class RowComparer(Features features) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => features[x].SequenceEqual(features[y]);

        public int GetHashCode(int row)
        {
            // −0 and 0 are equal numbers, so they must hash alike.
            var hash = new HashCode();
            foreach (var v in features[row]) hash.Add(v == 0 ? 0 : v);
            return hash.ToHashCode();
        }
    }
}
