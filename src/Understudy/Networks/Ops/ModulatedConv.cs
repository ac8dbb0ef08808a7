using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// Weight modulation and demodulation (Karras et al. 2020, arXiv 1912.04958, §2.2), as scale–convolve–scale: one weight for the
/// whole batch, y = conv(x·s, W) · d with d = (Σ (W·s)² + 1e-8)^(-1/2). The second scaling is part of what follows:
/// <see cref="StyledRectifier"/>.
/// </summary>
internal static class ModulatedConv
{
    /// <summary>conv(x·s, W), optionally joined with resampling.</summary>
    /// <param name="x">[N, I, H, W], in the type the convolution is to run in.</param>
    /// <param name="weight">[O, I, k, k].</param>
    /// <param name="styles">s, [N, I].</param>
    /// <param name="filter">The resampling filter, [kh, kw].</param>
    /// <returns>[N, O, H', W'], the type of x.</returns>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor styles, Tensor filter, int up = 1, int down = 1,
        int padding = 0)
    {
        using var scope = NewDisposeScope();
        var scaled = ChannelScale.Apply(x, styles);
        return ResampledConv.Apply(scaled, weight.to(x.dtype), filter, up, down, padding, flipWeight: up == 1)
            .MoveToOuterDisposeScope();
    }

    /// <summary>d [N, O] of weight [O, I, k, k] and styles [N, I].</summary>
    public static Tensor Demodulation(Tensor weight, Tensor styles)
    {
        using var scope = NewDisposeScope();
        var energy = weight.square().sum([2, 3]);                                           // [O, I]
        return mm(styles.square(), energy.t()).add_(1e-8).rsqrt().MoveToOuterDisposeScope();
    }
}
