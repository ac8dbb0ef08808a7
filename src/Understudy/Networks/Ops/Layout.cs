using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// Feature maps are [N, C, H, W] to the reader and [N, H, W, C] in memory (channels-last): convolutions run faster so, and a 1×1
/// convolution is a plain matrix product. Convolutions and element-wise operations keep the order once it is there.
/// </summary>
internal static class Layout
{
    /// <summary>[N, C, H, W] seen as [N, H, W, C]: a view.</summary>
    public static Tensor ToNhwc(Tensor x) => x.permute(0, 2, 3, 1);

    /// <summary>[N, H, W, C] seen as [N, C, H, W]: a view.</summary>
    public static Tensor ToNchw(Tensor x) => x.permute(0, 3, 1, 2);

    /// <summary>The same values, channels-last in memory.</summary>
    public static Tensor ChannelsLast(Tensor x) => ToNchw(ToNhwc(x).contiguous());

    /// <summary>
    /// Images for a network's first convolution, channels-last: libtorch lets its layout decide that of all that follows. One
    /// channel lies in memory the same either way, so its strides must say what is meant.
    /// </summary>
    public static Tensor ChannelsLastImages(Tensor x) => x.shape[1] > 1 ? ChannelsLast(x)
        : x.contiguous().as_strided(x.shape, [x.shape[2] * x.shape[3], 1, x.shape[3], 1]);
}
