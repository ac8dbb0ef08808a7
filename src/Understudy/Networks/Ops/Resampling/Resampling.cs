using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.Ops;

/// <summary>
/// Resampling with a FIR filter, on every channel alike: insert zeros, pad, filter, keep every n-th sample. Differentiable to any
/// order in x. Filters are [kh, kw]; true convolution unless <c>flip</c> (which correlates).
/// </summary>
internal static class Resampling
{
    /// <summary>The networks' filter: the outer product of [1, 3, 3, 1], normalised to sum 1. [4, 4].</summary>
    public static Tensor Filter1331() => OuterFilter([1, 3, 3, 1]);

    /// <summary>The outer product of <paramref name="taps"/> with itself, normalised to sum 1.</summary>
    public static Tensor OuterFilter(double[] taps)
    {
        using var scope = NewDisposeScope();
        var t = tensor(taps, dtype: ScalarType.Float64);
        return outer(t, t).div((t.sum() * t.sum())).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The general operation; x [N, C, H, W] to [N, C, ⌈(H·up + y0 + y1 − kh + 1) / down⌉, …].</summary>
    public static Tensor Upfirdn2d(Tensor x, Tensor filter, int up = 1, int down = 1, Margin padding = default, bool flip = false,
        double gain = 1)
    {
        using var scope = NewDisposeScope();
        var y = Filter(InsertZeros(x, up), filter, padding, flip, gain);
        return EveryNth(y, down).MoveToOuterDisposeScope();
    }

    /// <summary>Enlarges <paramref name="up"/> times; a constant image keeps its value.</summary>
    public static Tensor Upsample2d(Tensor x, Tensor filter, int up = 2, Margin padding = default, bool flip = false,
        double gain = 1) =>
        Upfirdn2d(x, filter, up, 1, UpPadding(padding, filter, up), flip, gain * up * up);

    /// <summary>Reduces <paramref name="down"/> times.</summary>
    public static Tensor Downsample2d(Tensor x, Tensor filter, int down = 2, Margin padding = default, bool flip = false,
        double gain = 1) =>
        Upfirdn2d(x, filter, 1, down, DownPadding(padding, filter, down), flip, gain);

    /// <summary>Filters at the same size.</summary>
    public static Tensor Filter2d(Tensor x, Tensor filter, Margin padding = default, bool flip = false, double gain = 1)
    {
        long h = filter.shape[0], w = filter.shape[1];
        return Filter(x, filter, padding.Plus(w / 2, (w - 1) / 2, h / 2, (h - 1) / 2), flip, gain);
    }

    /// <summary>Pads and filters at stride 1.</summary>
    public static Tensor Filter(Tensor x, Tensor filter, Margin padding, bool flip = false, double gain = 1)
    {
        using var scope = NewDisposeScope();
        var taps = flip ? filter : filter.flip(0, 1);
        if (gain != 1) taps = taps * gain;
        var fits = padding.IsSymmetric && padding.X0 >= 0 && padding.Y0 >= 0
            && padding.X0 < filter.shape[1] && padding.Y0 < filter.shape[0];
        if (fits) return Fir.Correlate(x, taps, padding.Y0, padding.X0).MoveToOuterDisposeScope();
        var padded = F.pad(x, [padding.X0, padding.X1, padding.Y0, padding.Y1]);
        return Fir.Correlate(padded, taps, 0, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The padding that centres an up-filter, added to <paramref name="p"/>.</summary>
    public static Margin UpPadding(Margin p, Tensor filter, int up)
    {
        long h = filter.shape[0], w = filter.shape[1];
        return p.Plus((w + up - 1) / 2, (w - up) / 2, (h + up - 1) / 2, (h - up) / 2);
    }

    /// <summary>The padding that centres a down-filter, added to <paramref name="p"/>.</summary>
    public static Margin DownPadding(Margin p, Tensor filter, int down)
    {
        long h = filter.shape[0], w = filter.shape[1];
        return p.Plus((w - down + 1) / 2, (w - down) / 2, (h - down + 1) / 2, (h - down) / 2);
    }

    private static Tensor InsertZeros(Tensor x, int up)
    {
        if (up == 1) return x;
        var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return F.pad(x.reshape(n, c, h, 1, w, 1), [0, up - 1, 0, 0, 0, up - 1]).reshape(n, c, h * up, w * up);
    }

    private static Tensor EveryNth(Tensor x, int down) =>
        down == 1 ? x.alias() : x.slice(2, 0, x.shape[2], down).slice(3, 0, x.shape[3], down);
}
