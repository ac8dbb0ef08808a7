using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.Ops;

/// <summary>
/// A convolution joined with FIR resampling: upsample (gain up²), convolve, downsample. Padding is relative to the upsampled
/// image. Convolution and filter commute, so each form below runs the convolution at the lower resolution.
/// </summary>
internal static class ResampledConv
{
    /// <param name="x">[N, I, H, W].</param>
    /// <param name="weight">[O, I, k, k].</param>
    /// <param name="filter">[kh, kw].</param>
    /// <param name="flipWeight">True correlates (torch's own conv2d), false is true convolution.</param>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor filter, int up = 1, int down = 1, int padding = 0,
        bool flipWeight = true)
    {
        using var scope = NewDisposeScope();
        var p = Margin.All(padding);
        if (up > 1) p = Resampling.UpPadding(p, filter, up);
        if (down > 1) p = Resampling.DownPadding(p, filter, down);
        var y = (up, down, weight.shape[2], weight.shape[3]) switch
        {
            (1, 1, _, _) => Convolve(x, weight, flipWeight, p, 1),
            (1, _, 1, 1) => Convolve(Resampling.Upfirdn2d(x, filter, 1, down, p), weight, flipWeight, default, 1),
            (1, _, _, _) => Convolve(Resampling.Filter(x, filter, p), weight, flipWeight, default, down),
            (_, 1, 1, 1) => Resampling.Upfirdn2d(Convolve(x, weight, flipWeight, default, 1), filter, up, 1, p, gain: up * up),
            (_, 1, _, _) => Enlarge(x, weight, filter, up, p, flipWeight),
            _ => Resampling.Upfirdn2d(
                Convolve(Resampling.Upfirdn2d(x, filter, up, 1, p, gain: up * up), weight, flipWeight, default, 1), filter, 1,
                down),
        };
        return y.MoveToOuterDisposeScope();
    }

    // A stride-up transposed convolution is the true convolution of the zero-inserted image, padded by k − 1 and without the last
    // up − 1 zeros: the filter's own padding shrinks by as much.
    private static Tensor Enlarge(Tensor x, Tensor weight, Tensor filter, int up, Margin p, bool flipWeight)
    {
        long kh = weight.shape[2], kw = weight.shape[3];
        var w = (flipWeight ? weight.flip(2, 3) : weight).transpose(0, 1);
        var y = F.conv_transpose2d(x, w, strides: [up, up]);
        return Resampling.Filter(y, filter, p.Plus(1 - kw, up - kw, 1 - kh, up - kh), gain: up * up);
    }

    private static Tensor Convolve(Tensor x, Tensor weight, bool flipWeight, Margin p, int stride)
    {
        var w = flipWeight ? weight : weight.flip(2, 3);
        if (p.IsSymmetric && p.X0 >= 0 && p.Y0 >= 0) return F.conv2d(x, w, strides: [stride, stride], padding: [p.Y0, p.X0]);
        return F.conv2d(F.pad(x, [p.X0, p.X1, p.Y0, p.Y1]), w, strides: [stride, stride]);
    }
}
