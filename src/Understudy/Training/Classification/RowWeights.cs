using Understudy.Data;

namespace Understudy.Training.Classification;

/// <summary>What every row of a selection counts in the loss.</summary>
internal static class RowWeights
{
    /// <summary>
    /// The row's own weight, times Σₖ tₖ · shareₖ^(−power): 1 gives every class the same sum, 0 leaves weights as they are.
    /// </summary>
    /// <returns>[rows], of mean 1.</returns>
    public static float[] Of(Selection selection, double power)
    {
        var weights = selection.Rows.Select(r => r.Weight).ToArray();
        if (power > 0)
        {
            var factors = ClassShares.Of(selection).Select(s => Math.Pow(s, -power)).ToArray();
            for (int i = 0; i < weights.Length; i++)
                weights[i] *= Batches.Target(selection.Rows[i], factors.Length).Zip(factors, (t, f) => t * f).Sum();
        }
        var mean = weights.Average();
        return [.. weights.Select(w => (float)(w / mean))];
    }
}
