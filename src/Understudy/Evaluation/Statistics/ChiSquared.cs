using Understudy.Evaluation.Utility;

namespace Understudy.Evaluation.Statistics;

/// <summary>Pearson's χ² test of independence: do predictions know anything of the labels?</summary>
/// <param name="Statistic">Σ (observed − expected)² / expected over classes that occur.</param>
/// <param name="PValue">Large when the table looks like predictions drawn without looking at the image; 1 without
/// freedom.</param>
/// <param name="SmallestExpected">The approximation is rough when this is below about 5.</param>
public readonly record struct ChiSquared(double Statistic, int DegreesOfFreedom, double PValue, double SmallestExpected)
{
    /// <summary>Rows and columns that hold nothing are left out.</summary>
    public static ChiSquared Independence(ConfusionMatrix confusion)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        var all = Enumerable.Range(0, confusion.Classes).ToArray();
        int[] rows = [.. all.Where(k => confusion.Support(k) > 0)], columns = [.. all.Where(k => confusion.Predicted(k) > 0)];
        double sum = 0, smallest = double.PositiveInfinity, total = confusion.Total;
        foreach (var i in rows)
        {
            foreach (var j in columns)
            {
                var expected = confusion.Support(i) * (confusion.Predicted(j) / total);
                sum += (confusion[i, j] - expected) * (confusion[i, j] - expected) / expected;
                smallest = Math.Min(smallest, expected);
            }
        }
        var freedom = Math.Max(0, (rows.Length - 1) * (columns.Length - 1));
        return new(sum, freedom, freedom == 0 ? 1 : SpecialFunctions.UpperRegularizedGamma(freedom / 2.0, sum / 2), smallest);
    }
}
