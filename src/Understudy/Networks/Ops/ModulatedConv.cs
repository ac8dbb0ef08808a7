using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// Weight modulation and demodulation (Karras et al. 2020, arXiv 1912.04958, §2.2), as scale–convolve–scale: one weight for the whole
/// batch, y = gain · (conv(x·s, W) · d + noise + bias) with d = (Σ (W·s)² + 1e-8)^(-1/2).
/// </summary>
internal static class ModulatedConv
{
    /// <param name="x">[N, I, H, W], in the type the convolution is to run in.</param>
    /// <param name="weight">[O, I, k, k].</param>
    /// <param name="styles">[N, I].</param>
    /// <param name="filter">The resampling filter, [kh, kw].</param>
    /// <param name="noise">[N or 1, 1, H', W'], added after demodulation.</param>
    /// <param name="bias">[O].</param>
    /// <returns>[N, O, H', W'], the type of x.</returns>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor styles, Tensor filter, int up = 1, int down = 1, int padding = 0,
        bool demodulate = true, Tensor? noise = null, Tensor? bias = null, double gain = 1)
    {
        using var scope = NewDisposeScope();
        var type = x.dtype;
        var scaled = x * PerChannel(styles.to(type));
        var y = ResampledConv.Apply(scaled, weight.to(type), filter, up, down, padding, flipWeight: up == 1);
        if (demodulate)
        {
            var d = PerChannel((Demodulation(weight, styles) * gain).to(type));
            y = bias is null ? y * d : (bias * gain).to(type).view(1, -1, 1, 1).addcmul(y, d, 1);
        }
        else
        {
            if (gain != 1) y = y * gain;
            if (bias is not null) y = y + (bias * gain).to(type).view(1, -1, 1, 1);
        }
        if (noise is not null) y = y.add_((noise * gain).to(type));
        return y.MoveToOuterDisposeScope();
    }

    /// <summary>d [N, O] of weight [O, I, k, k] and styles [N, I].</summary>
    public static Tensor Demodulation(Tensor weight, Tensor styles)
    {
        using var scope = NewDisposeScope();
        var energy = weight.square().sum([2, 3]);                                           // [O, I]
        return mm(styles.square(), energy.t()).add_(1e-8).rsqrt().MoveToOuterDisposeScope();
    }

    private static Tensor PerChannel(Tensor x) => x.unsqueeze(2).unsqueeze(3);              // [N, C, 1, 1]
}
