using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// Feature maps [N, C, H, W] that are channels-last in memory, as our own kernels see them: N·H·W rows of C numbers.
/// </summary>
/// <param name="Rows">H·W, the rows of one image.</param>
internal readonly unsafe record struct Maps(int Images, int Rows, int Channels)
{
    /// <summary>The sizes of <paramref name="x"/>.</summary>
    public static Maps Of(Tensor x)
    {
        var s = x.shape;
        return new((int)s[0], (int)(s[2] * s[3]), (int)s[1]);
    }

    /// <summary>
    /// Whether the kernels take it: float32 or bfloat16 maps in main memory, channels a multiple of eight, below 2 GiB. Others go
    /// through libtorch.
    /// </summary>
    public static bool Fit(Tensor x) => x.dtype is ScalarType.Float32 or ScalarType.BFloat16 && x.device_type == DeviceType.CPU
        && x.dim() == 4 && x.shape[1] % IElements.Lanes == 0 && x.numel() > 0 && x.numel() * x.element_size() <= int.MaxValue;

    /// <summary>The same values channels-last: itself, or a copy.</summary>
    public static Tensor ChannelsLast(Tensor x)
    {
        using var rows = Layout.ToNhwc(x);
        if (rows.is_contiguous()) return x.alias();
        using var copy = rows.contiguous();
        return Layout.ToNchw(copy);
    }

    /// <summary>Whether the channels are innermost, with nothing between two rows.</summary>
    public static bool AreChannelsLast(Tensor x)
    {
        using var rows = Layout.ToNhwc(x);
        return rows.is_contiguous();
    }

    /// <summary>New maps of this shape, channels-last, not initialised.</summary>
    public static Tensor Empty(long n, long c, long h, long w, ScalarType type) =>
        empty_strided([n, c, h, w], [h * w * c, 1, w * c, c], type);

    /// <summary>Contiguous float32 of the same values: itself, or a copy.</summary>
    public static Tensor Float(Tensor x) => x.to(ScalarType.Float32).contiguous();

    /// <summary>Where the numbers of channels-last maps begin.</summary>
    public static void* Data(Tensor channelsLast)
    {
        using var rows = Layout.ToNhwc(channelsLast);
        return Start(rows);
    }

    /// <summary>Where the numbers of a contiguous tensor begin; valid while the tensor lives.</summary>
    public static void* Start(Tensor contiguous) => Unsafe.AsPointer(ref MemoryMarshal.GetReference(contiguous.bytes));
}
