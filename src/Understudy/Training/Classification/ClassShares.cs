using Understudy.Data;

namespace Understudy.Training.Classification;

/// <summary>How much of a selection each class is.</summary>
internal static class ClassShares
{
    /// <summary>
    /// Class k's part of Σ wᵢ tᵢₖ, probabilities and row weights counted; together about 1. A class of less than one image of
    /// average weight counts as one image, so that shares can be divided by.
    /// </summary>
    /// <returns>[K], each above 0.</returns>
    public static double[] Of(Selection selection)
    {
        var masses = new double[selection.Classes.Count];
        foreach (var row in selection.Rows)
        {
            foreach (var (k, p) in Batches.Target(row, masses.Length).Index()) masses[k] += row.Weight * p;
        }
        var total = selection.Rows.Sum(r => r.Weight);
        return [.. masses.Select(m => Math.Max(m / total, 1.0 / selection.Rows.Count))];
    }
}
