namespace Understudy.Evaluation.Statistics;

/// <summary>
/// One order for a test set's images (ordinal by id), so that paired statistics do not depend on the order of rows.
/// </summary>
internal static class TestOrder
{
    public static Predictions Sorted(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var ids = predictions.Ids.ToArray();
        var order = Enumerable.Range(0, ids.Length).ToArray();
        Array.Sort(ids, order, StringComparer.Ordinal);
        var k = predictions.Classes.Count;
        var table = new float[order.Length, k];
        for (int i = 0; i < order.Length; i++)
        {
            for (int j = 0; j < k; j++) table[i, j] = predictions.Probabilities[order[i], j];
        }
        return new(predictions.Classes, ids, [.. order.Select(i => predictions.Labels[i])], table);
    }

    /// <summary>Both already <see cref="Sorted"/>.</summary>
    /// <exception cref="InvalidDataException">Other classes, images or labels.</exception>
    public static void RequireSame(Predictions a, Predictions b)
    {
        if (!a.Classes.SequenceEqual(b.Classes, StringComparer.Ordinal))
        {
            throw new InvalidDataException($"predictions name the classes [{string.Join(", ", a.Classes)}] and "
                + $"[{string.Join(", ", b.Classes)}]: "
                + "only tests with the same classes in the same order can be compared");
        }
        if (a.Count != b.Count)
            throw new InvalidDataException($"predictions hold {a.Count} and {b.Count} images: only tests on the same images can "
                + "be compared");
        for (int i = 0; i < a.Count; i++)
        {
            if (a.Ids[i] != b.Ids[i])
            {
                var alone = string.CompareOrdinal(a.Ids[i], b.Ids[i]) < 0 ? a.Ids[i] : b.Ids[i];
                throw new InvalidDataException(
                    $"image '{alone}' is in one of two predictions only: compare tests on the same images");
            }
            if (a.Labels[i] != b.Labels[i])
            {
                throw new InvalidDataException($"image '{a.Ids[i]}' is labelled '{a.Classes[a.Labels[i]]}' in one of two "
                    + "predictions "
                    + $"and '{b.Classes[b.Labels[i]]}' in the other");
            }
        }
    }
}
