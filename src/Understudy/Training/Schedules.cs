namespace Understudy.Training;

/// <summary>Learning rates as functions of the step.</summary>
public static class Schedules
{
    /// <summary>
    /// One cycle (Smith and Topin, arXiv 1708.07120) as PyTorch's <c>OneCycleLR</c> has it by default: from peak/25 up to the
    /// peak by 30 % of the steps, then down to peak/250,000, both along half a cosine.
    /// </summary>
    /// <param name="step">0 to <paramref name="total"/> − 1.</param>
    /// <param name="total">All steps of the run, at least 1.</param>
    /// <param name="warmUpShare">Of the steps, at the end of which the peak stands; 0 to below 1.</param>
    public static double OneCycle(long step, long total, double peak, double warmUpShare = .3)
    {
        RequireStep(step, total);
        var (first, last) = (peak / 25, peak / 250_000);
        var top = warmUpShare * total - 1;
        // A warm-up of one step has nothing to rise along.
        if (step == top) return peak;
        if (step < top) return HalfCosine(first, peak, step / top);
        return HalfCosine(peak, last, (step - top) / (total - 1 - top));
    }

    /// <summary>
    /// Straight up to the peak over the warm-up, then down along half a cosine that would reach 0 at <paramref name="total"/>.
    /// </summary>
    /// <param name="step">0 to <paramref name="total"/> − 1.</param>
    public static double Cosine(long step, long total, double peak, double warmUpShare)
    {
        RequireStep(step, total);
        var top = (long)(warmUpShare * total);
        return step < top ? WarmUp(step, total, peak, warmUpShare) : HalfCosine(peak, 0, (step - top) / (double)(total - top));
    }

    /// <summary>peak·(step + 1)/w over the first w = ⌊share·total⌋ steps, the peak from then on.</summary>
    /// <param name="step">0 to <paramref name="total"/> − 1.</param>
    public static double WarmUp(long step, long total, double peak, double warmUpShare)
    {
        RequireStep(step, total);
        return peak * Math.Min(1, (step + 1) / Math.Max(1.0, (long)(warmUpShare * total)));
    }

    /// <summary>0 until <paramref name="from"/>, 1 from <paramref name="to"/> on, straight in between.</summary>
    public static double Ramp(double at, double from, double to) => at >= to ? 1 : at <= from ? 0 : (at - from) / (to - from);

    private static void RequireStep(long step, long total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, total);
    }

    private static double HalfCosine(double from, double to, double share) =>
        to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share));
}
