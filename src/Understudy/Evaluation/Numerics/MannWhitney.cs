namespace Understudy.Evaluation.Numerics;

/// <summary>The Mann–Whitney U test: are the first numbers larger than the second?</summary>
/// <param name="U">Pairs in which the first is larger, ties half.</param>
/// <param name="SizeFree">U/(nm), in [0, 1].</param>
/// <param name="Z">U standardised under equality, its variance corrected for ties; 0 where everything is tied.</param>
internal readonly record struct MannWhitney(double U, double SizeFree, double Z)
{
    public static MannWhitney Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double n = first.Count, m = second.Count, total = n + m;
        double[] values = [.. first, .. second];
        var isFirst = new bool[values.Length];
        isFirst.AsSpan(0, first.Count).Fill(true);
        Array.Sort(values, isFirst);
        double below = 0, u = 0, ties = 0;
        for (int start = 0, end; start < values.Length; start = end)
        {
            double ofFirst = 0, ofSecond = 0;
            for (end = start; end < values.Length && values[end] == values[start]; end++)
            {
                if (isFirst[end]) ofFirst++;
                else ofSecond++;
            }
            u += ofFirst * (below + ofSecond / 2);
            below += ofSecond;
            double t = end - start;
            ties += t * t * t - t;
        }
        var variance = n * m / 12 * (total + 1 - ties / (total * Math.Max(1, total - 1)));
        return new(u, u / (n * m), variance > 0 ? (u - n * m / 2) / Math.Sqrt(variance) : 0);
    }
}
