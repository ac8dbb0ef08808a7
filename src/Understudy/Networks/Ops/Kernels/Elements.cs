using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>How neighbouring numbers of a tensor are read as float32 and written back.</summary>
internal unsafe interface IElements
{
    /// <summary>How many numbers <see cref="Load"/> reads.</summary>
    const int Lanes = 8;

    static abstract Vector256<float> Load(void* data, nint index);

    static abstract void Store(void* data, nint index, Vector256<float> value);

    /// <summary>As many as V has lanes.</summary>
    static abstract V Load<V>(nint data, nint index) where V : struct, ILanes<V>;

    static abstract void Store<V>(nint data, nint index, V value) where V : struct, ILanes<V>;
}

/// <summary>float32, as it is.</summary>
internal readonly unsafe struct Float32Elements : IElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(void* data, nint index) => Vector256.Load((float*)data + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* data, nint index, Vector256<float> value) => value.Store((float*)data + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(nint data, nint index) where V : struct, ILanes<V> => V.Load((float*)data + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V>(nint data, nint index, V value) where V : struct, ILanes<V> => value.Store((float*)data + index);
}

/// <summary>bfloat16, the upper half of a float32.</summary>
internal readonly unsafe struct BFloat16Elements : IElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(void* data, nint index) => Lanes8.Widen((ushort*)data + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* data, nint index, Vector256<float> value) => Lanes8.Narrow(value, (ushort*)data + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(nint data, nint index) where V : struct, ILanes<V> => V.LoadBFloat16((ushort*)data + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V>(nint data, nint index, V value) where V : struct, ILanes<V> =>
        value.StoreBFloat16((ushort*)data + index);
}
