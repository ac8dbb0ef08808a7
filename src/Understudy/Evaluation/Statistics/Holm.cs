namespace Understudy.Evaluation.Statistics;

/// <summary>Holm's step-down correction (1979): the chance of one false alarm in the whole table stays at the level.</summary>
public static class Holm
{
    /// <returns>Adjusted p-values in the order given: below .05 means significant at .05 over all of them.</returns>
    public static double[] Adjust(params IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var order = Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).ToArray();
        var adjusted = new double[order.Length];
        double floor = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            floor = Math.Max(floor, Math.Min(1, (order.Length - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = floor;
        }
        return adjusted;
    }
}
