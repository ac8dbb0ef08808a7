using System.Diagnostics;
using Understudy.Common;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Training.Benchmarks;

/// <summary>
/// What this processor makes of a convolution that suits it, with libtorch's present number of threads: the yardstick of every
/// other benchmark, measured in the same process. A training step is judged by its share of this rate, which other machines can
/// be held to.
/// </summary>
public static class ConvolutionRate
{
    private const int Images = 16, Channels = 128, Side = 32, Kernel = 3, WarmUp = 2;

    /// <summary>
    /// Floating-point operations, a multiplication and an addition counting as two, of one pass: the result, the gradient of the
    /// images and the gradient of the weights take one convolution's worth each.
    /// </summary>
    public const double Operations = 3 * 2.0 * Images * Side * Side * Channels * Channels * Kernel * Kernel;

    /// <summary>
    /// The rate of the fastest of many passes, forward and backward, over 16 channels-last maps of 128 × 32 × 32 with 3×3
    /// kernels.
    /// </summary>
    /// <param name="type">Of maps and kernels: Float32 or BFloat16.</param>
    /// <param name="seconds">How long to try, above 0; at least one pass is measured.</param>
    /// <returns>10⁹ operations per second.</returns>
    public static double Measure(ScalarType type, double seconds = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        HiddenCaches.Mend();
        using var outer = NewDisposeScope();
        var maps = Layout.ChannelsLast(ones(Images, Channels, Side, Side, type));
        var kernels = full([Channels, Channels, Kernel, Kernel], 1e-3, type);
        var upstream = Layout.ChannelsLast(ones(Images, Channels, Side, Side, type));
        var fastest = double.PositiveInfinity;
        var total = Stopwatch.StartNew();
        for (int pass = 0; pass <= WarmUp || total.Elapsed.TotalSeconds < seconds; pass++)
        {
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            // New leaves every time: gradients would be added to those of the last pass.
            var (x, w) = (maps.detach().requires_grad_(), kernels.detach().requires_grad_());
            var watch = Stopwatch.StartNew();
            nn.functional.conv2d(x, w, padding: [Kernel / 2, Kernel / 2]).backward([upstream]);
            if (pass >= WarmUp) fastest = Math.Min(fastest, watch.Elapsed.TotalSeconds);
        }
        return Operations / fastest / 1e9;
    }
}
