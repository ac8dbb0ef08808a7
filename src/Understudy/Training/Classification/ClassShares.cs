using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>How much of a selection each class is.</summary>
internal static class ClassShares
{
    /// <summary>
    /// Class k's part of Σ wᵢ tᵢₖ, probabilities and row weights counted; together about 1. A class of less than one image of
    /// average weight counts as one image, so that shares can be divided by and have logarithms.
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

    /// <summary>What a logit-adjusted loss adds, or null where the options ask for none.</summary>
    /// <returns>[K], float32; the caller's.</returns>
    public static Tensor? Logarithms(Selection selection, ClassifierOptions options) => options.LogitAdjustment == 0 ? null
        : tensor(Of(selection).Select(s => (float)Math.Log(s)).ToArray()).DetachFromDisposeScope();
}
