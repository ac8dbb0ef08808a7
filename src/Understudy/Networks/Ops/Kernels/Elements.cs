using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>How eight neighbouring numbers of a tensor are read as float32 and written back.</summary>
internal unsafe interface IElements
{
    /// <summary>How many numbers <see cref="Load"/> reads.</summary>
    const int Lanes = 8;

    static abstract Vector256<float> Load(void* data, nint index);

    static abstract void Store(void* data, nint index, Vector256<float> value);
}

/// <summary>float32, as it is.</summary>
internal readonly unsafe struct Float32Elements : IElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(void* data, nint index) => Vector256.Load((float*)data + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* data, nint index, Vector256<float> value) => value.Store((float*)data + index);
}

/// <summary>bfloat16, the upper half of a float32; rounded to nearest, ties to even, and NaN stays NaN.</summary>
internal readonly unsafe struct BFloat16Elements : IElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(void* data, nint index)
    {
        var halves = Vector128.Load((ushort*)data + index);
        return (Vector256.WidenLower(halves.ToVector256Unsafe()) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* data, nint index, Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7fffu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        var sound = Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), rounded, Vector256.Create(0x7fc0u));
        var halves = Avx512F.VL.IsSupported
            ? Avx512F.VL.ConvertToVector128UInt16(sound) : Vector128.Narrow(sound.GetLower(), sound.GetUpper());
        halves.Store((ushort*)data + index);
    }
}
