using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// Four-tap filters along both axes of feature maps, with zeros outside: rows are combined into a line of float32, then the
/// line's columns, so that every number is read from memory once and written once.
/// </summary>
internal static unsafe class FirKernel
{
    public const int Taps = 4;

    /// <summary>y[i, j] = Σ vertical[s] · horizontal[t] · x[i·down + s − padY, j·down + t − padX].</summary>
    /// <param name="vertical">Four, top to bottom.</param>
    /// <param name="horizontal">Four, left to right.</param>
    public static void Correlate(Tensor x, ReadOnlySpan<float> vertical, ReadOnlySpan<float> horizontal, int padY, int padX,
        int down, Tensor y)
    {
        var (v, h) = (Vector128.Create(vertical), Vector128.Create(horizontal));
        if (x.dtype == ScalarType.BFloat16) Correlate<BFloat16Elements>(x, v, h, padY, padX, down, y);
        else Correlate<Float32Elements>(x, v, h, padY, padX, down, y);
    }

    /// <summary>
    /// The adjoint of halving with taps ⅛ · [1, 3, 3, 1], padded by one: doubles, y[2i] = near · x[i] + far · x[i − 1] and
    /// y[2i + 1] = near · x[i] + far · x[i + 1] along both axes.
    /// </summary>
    public static void Double(Tensor x, float near, float far, Tensor y)
    {
        if (x.dtype == ScalarType.BFloat16) Double<BFloat16Elements>(x, near, far, y);
        else Double<Float32Elements>(x, near, far, y);
    }

    private static void Correlate<T>(Tensor x, Vector128<float> v, Vector128<float> h, int padY, int padX, int down,
        Tensor y) where T : struct, IElements
    {
        var job = new CorrelateJob<T>(Size.Of(x), Size.Of(y), (nint)Maps.Data(x), (nint)Maps.Data(y), v, h, padY, padX, down);
        Workers.Run(ref job, (int)x.shape[0]);
    }

    private static void Double<T>(Tensor x, float near, float far, Tensor y) where T : struct, IElements
    {
        var job = new DoubleJob<T>(Size.Of(x), (nint)Maps.Data(x), (nint)Maps.Data(y), near, far);
        Workers.Run(ref job, (int)x.shape[0]);
    }

    private readonly record struct Size(int Height, int Width, int Channels)
    {
        public static Size Of(Tensor x) => new((int)x.shape[2], (int)x.shape[3], (int)x.shape[1]);

        public nint Line => (nint)Width * Channels;

        public nint Image => Height * Line;
    }

    private readonly struct CorrelateJob<T>(Size size, Size result, nint x, nint y, Vector128<float> v, Vector128<float> h,
        int padY, int padX, int down)
        : IJob where T : struct, IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            nint c = size.Channels, left = padX * c, stride = down * c;
            // The columns that the last result reaches, zeros around the image's own.
            var padded = Math.Max(left + size.Line, ((result.Width - 1) * down + Taps) * c);
            var line = (float*)NativeMemory.AllocZeroed((nuint)padded, sizeof(float));
            for (int n = from; n < to; n++)
            {
                for (int i = 0; i < result.Height; i++)
                {
                    Combine(n * size.Image, i * down - padY, line + left);
                    var target = n * result.Image + i * result.Line;
                    for (int j = 0; j < result.Width; j++, target += c) Emit(line + j * stride, target);
                }
            }
            NativeMemory.Free(line);
        }

        /// <summary>line ← Σ v[s] · row(top + s), rows outside left out.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Combine(nint image, int top, float* line)
        {
            var (first, last) = (Math.Max(0, -top), Math.Min(Taps, size.Height - top));
            if (first == 0 && last == Taps)
            {
                var (v0, v1, v2, v3) =
                    (Vector256.Create(v[0]), Vector256.Create(v[1]), Vector256.Create(v[2]), Vector256.Create(v[3]));
                var at = image + top * size.Line;
                for (nint k = 0; k < size.Line; k += IElements.Lanes, at += IElements.Lanes)
                {
                    var upper = Vector256.FusedMultiplyAdd(T.Load((void*)x, at), v0, T.Load((void*)x, at + size.Line) * v1);
                    var lower = Vector256.FusedMultiplyAdd(T.Load((void*)x, at + 2 * size.Line), v2,
                        T.Load((void*)x, at + 3 * size.Line) * v3);
                    (upper + lower).Store(line + k);
                }
                return;
            }
            new Span<float>(line, (int)size.Line).Clear();
            for (int s = first; s < last; s++)
            {
                var tap = Vector256.Create(v[s]);
                var at = image + (top + s) * size.Line;
                for (nint k = 0; k < size.Line; k += IElements.Lanes)
                    Vector256.FusedMultiplyAdd(T.Load((void*)x, at + k), tap, Vector256.Load(line + k)).Store(line + k);
            }
        }

        /// <summary>One pixel of all channels from four columns of the line.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Emit(float* columns, nint target)
        {
            var (h0, h1, h2, h3) =
                (Vector256.Create(h[0]), Vector256.Create(h[1]), Vector256.Create(h[2]), Vector256.Create(h[3]));
            nint c = size.Channels;
            for (nint k = 0; k < c; k += IElements.Lanes)
            {
                var at = columns + k;
                var first = Vector256.FusedMultiplyAdd(Vector256.Load(at), h0, Vector256.Load(at + c) * h1);
                var second = Vector256.FusedMultiplyAdd(Vector256.Load(at + 2 * c), h2, Vector256.Load(at + 3 * c) * h3);
                T.Store((void*)y, target + k, first + second);
            }
        }
    }

    private readonly struct DoubleJob<T>(Size size, nint x, nint y, float near, float far) : IJob where T : struct, IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            nint c = size.Channels;
            var line = (float*)NativeMemory.AllocZeroed((nuint)(size.Line + 2 * c), sizeof(float));
            for (int n = from; n < to; n++)
            {
                for (int i = 0; i < 2 * size.Height; i++)
                {
                    var other = i % 2 == 0 ? i / 2 - 1 : i / 2 + 1;
                    Combine(n * size.Image + i / 2 * size.Line,
                        (uint)other < (uint)size.Height ? n * size.Image + other * size.Line : -1, line + c);
                    var target = 4 * n * size.Image + 2 * i * size.Line;
                    for (int j = 0; j < size.Width; j++, target += 2 * c) Emit(line + (j + 1) * c, target);
                }
            }
            NativeMemory.Free(line);
        }


        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Combine(nint row, nint otherRow, float* line)
        {
            var (own, others) = (Vector256.Create(near), Vector256.Create(otherRow < 0 ? 0 : far));
            if (otherRow < 0) otherRow = row;
            for (nint k = 0; k < size.Line; k += IElements.Lanes)
                Vector256.FusedMultiplyAdd(T.Load((void*)x, row + k), own, T.Load((void*)x, otherRow + k) * others)
                    .Store(line + k);
        }

        /// <summary>Two neighbouring pixels of all channels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Emit(float* column, nint target)
        {
            var (own, others) = (Vector256.Create(near), Vector256.Create(far));
            nint c = size.Channels;
            for (nint k = 0; k < c; k += IElements.Lanes)
            {
                var centre = Vector256.Load(column + k) * own;
                T.Store((void*)y, target + k, Vector256.FusedMultiplyAdd(Vector256.Load(column + k - c), others, centre));
                T.Store((void*)y, target + c + k, Vector256.FusedMultiplyAdd(Vector256.Load(column + k + c), others, centre));
            }
        }
    }
}
