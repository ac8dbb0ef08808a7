using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// So many float32 as the processor computes at once, so that a kernel is written once for every width. What is computed lane by
/// lane does not depend on it.
/// </summary>
internal unsafe interface ILanes<V> where V : struct, ILanes<V>
{
    static abstract int Count { get; }

    static abstract V Create(float value);

    static abstract V Load(float* from);

    /// <summary>bfloat16 is the upper half of a float32.</summary>
    static abstract V LoadBFloat16(ushort* from);

    void Store(float* to);

    /// <summary>Rounded to nearest, ties to even; NaN stays NaN.</summary>
    void StoreBFloat16(ushort* to);

    static abstract V operator +(V a, V b);

    static abstract V operator *(V a, V b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract V FusedMultiplyAdd(V a, V b, V c);

    static abstract V Max(V a, V b);

    /// <summary>Lane by lane, the first where the sign is above zero, else the second.</summary>
    static abstract V WherePositive(V sign, V positive, V other);
}

/// <summary>Eight.</summary>
internal readonly unsafe struct Lanes8(Vector256<float> v) : ILanes<Lanes8>
{
    private readonly Vector256<float> _v = v;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(float* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 LoadBFloat16(ushort* from) => new(Widen(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => _v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBFloat16(ushort* to) => Narrow(_v, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 FusedMultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector256.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Max(Lanes8 a, Lanes8 b) => new(Vector256.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 WherePositive(Lanes8 sign, Lanes8 positive, Lanes8 other) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(sign._v, Vector256<float>.Zero), positive._v, other._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Widen(ushort* from) =>
        (Vector256.WidenLower(Vector128.Load(from).ToVector256Unsafe()) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(Vector256<float> value, ushort* to)
    {
        var bits = value.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7fffu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        var sound = Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), rounded, Vector256.Create(0x7fc0u));
        var halves = Avx512F.VL.IsSupported
            ? Avx512F.VL.ConvertToVector128UInt16(sound) : Vector128.Narrow(sound.GetLower(), sound.GetUpper());
        halves.Store(to);
    }
}

/// <summary>Sixteen, where the processor has registers for them.</summary>
internal readonly unsafe struct Lanes16(Vector512<float> v) : ILanes<Lanes16>
{
    private readonly Vector512<float> _v = v;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 LoadBFloat16(ushort* from) =>
        new((Vector512.WidenLower(Vector256.Load(from).ToVector512Unsafe()) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => _v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBFloat16(ushort* to)
    {
        var bits = _v.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7fffu) + ((bits >> 16) & Vector512.Create(1u))) >> 16;
        var sound = Vector512.ConditionalSelect(Vector512.Equals(_v, _v).AsUInt32(), rounded, Vector512.Create(0x7fc0u));
        var halves = Avx512F.IsSupported
            ? Avx512F.ConvertToVector256UInt16(sound) : Vector256.Narrow(sound.GetLower(), sound.GetUpper());
        halves.Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator +(Lanes16 a, Lanes16 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator *(Lanes16 a, Lanes16 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 FusedMultiplyAdd(Lanes16 a, Lanes16 b, Lanes16 c) =>
        new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Max(Lanes16 a, Lanes16 b) => new(Vector512.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 WherePositive(Lanes16 sign, Lanes16 positive, Lanes16 other) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(sign._v, Vector512<float>.Zero), positive._v, other._v));
}
