namespace Understudy.Evaluation.Statistics;

/// <summary>The exact test of McNemar (1947): do two classifiers, tested on the same images, differ in accuracy?</summary>
/// <param name="OnlyFirst">Images that only the first got right.</param>
/// <param name="OnlySecond">Images that only the second got right.</param>
/// <param name="PValue">Two-sided: twice the smaller binomial(½) tail, at most 1.</param>
public readonly record struct McNemar(long OnlyFirst, long OnlySecond, double PValue)
{
    public static McNemar Exact(long onlyFirst, long onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        long n = onlyFirst + onlySecond, least = Math.Min(onlyFirst, onlySecond);
        // P[Bin(n, ½) ≤ k] = I_½(n − k, k + 1).
        var p = n == 0 ? 1 : 2 * SpecialFunctions.RegularizedBeta(0.5, n - least, least + 1);
        return new(onlyFirst, onlySecond, Math.Min(1, p));
    }

    /// <summary>Joined by id, whatever the order of the rows.</summary>
    /// <exception cref="InvalidDataException">The two were tested on different images or labels.</exception>
    public static McNemar Between(Predictions first, Predictions second)
    {
        var (a, b) = (TestOrder.Sorted(first), TestOrder.Sorted(second));
        TestOrder.RequireSame(a, b);
        int[] guessA = a.Predicted(), guessB = b.Predicted();
        long onlyA = 0, onlyB = 0;
        for (int i = 0; i < a.Count; i++)
        {
            bool rightA = guessA[i] == a.Labels[i], rightB = guessB[i] == b.Labels[i];
            if (rightA && !rightB) onlyA++;
            if (rightB && !rightA) onlyB++;
        }
        return Exact(onlyA, onlyB);
    }
}
