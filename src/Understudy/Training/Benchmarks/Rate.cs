using System.Diagnostics;

namespace Understudy.Training.Benchmarks;

/// <summary>How fast something was.</summary>
/// <param name="ImagesPerSecond">By the median over its passes.</param>
/// <param name="Gflops">10⁹ floating-point operations per second in convolutions and linear layers.</param>
/// <param name="Share">Of the processor's own convolution rate in the same number format, 0 to about 1.</param>
public sealed record Rate(double ImagesPerSecond, double Gflops, double Share)
{
    private const int WarmUp = 2, Fewest = 3;

    /// <summary>From the seconds a pass took.</summary>
    /// <param name="operations">Floating-point operations per image.</param>
    /// <param name="convolutionGflops">See <see cref="ConvolutionRate.Measure"/>.</param>
    public static Rate Of(double seconds, int images, double operations, double convolutionGflops)
    {
        var gflops = images * operations / seconds / 1e9;
        return new(images / seconds, gflops, gflops / convolutionGflops);
    }

    /// <summary>The median of the seconds that a pass takes: two to warm up, then for so long, but three at least.</summary>
    /// <param name="pass">Is given its number, from 0.</param>
    /// <param name="seconds">For all passes together, about.</param>
    public static double MedianSeconds(Action<long> pass, double seconds, CancellationToken cancel)
    {
        List<double> each = [];
        var total = Stopwatch.StartNew();
        for (long k = 0; k < WarmUp + Fewest || total.Elapsed.TotalSeconds < seconds; k++)
        {
            cancel.ThrowIfCancellationRequested();
            var watch = Stopwatch.StartNew();
            pass(k);
            if (k >= WarmUp) each.Add(watch.Elapsed.TotalSeconds);
        }
        each.Sort();
        return (each[each.Count / 2] + each[(each.Count - 1) / 2]) / 2;
    }
}
