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
        int down, Tensor y) =>
        MapsWork.Run(new CorrelateJob(Size.Of(x), Size.Of(y), (nint)Maps.Data(x), (nint)Maps.Data(y), Vector128.Create(vertical),
            Vector128.Create(horizontal), padY, padX, down), (int)x.shape[0], x);

    /// <summary>
    /// The adjoint of halving with taps ⅛ · [1, 3, 3, 1], padded by one: doubles, y[2i] = near · x[i] + far · x[i − 1] and
    /// y[2i + 1] = near · x[i] + far · x[i + 1] along both axes.
    /// </summary>
    public static void Double(Tensor x, float near, float far, Tensor y) =>
        MapsWork.Run(new DoubleJob(Size.Of(x), (nint)Maps.Data(x), (nint)Maps.Data(y), near, far), (int)x.shape[0], x);

    private readonly record struct Size(int Height, int Width, int Channels)
    {
        public static Size Of(Tensor x) => new((int)x.shape[2], (int)x.shape[3], (int)x.shape[1]);

        public nint Line => (nint)Width * Channels;

        public nint Image => Height * Line;
    }

    private readonly struct CorrelateJob(Size size, Size result, nint x, nint y, Vector128<float> v, Vector128<float> h,
        int padY, int padX, int down) : IMapsJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T, V>(int from, int to) where T : struct, IElements where V : struct, ILanes<V>
        {
            nint c = size.Channels, left = padX * c, stride = down * c;
            // Neighbours that are a pixel apart, all of a row in one go.
            var (pieces, piece) = down == 1 ? (1, result.Line) : (result.Width, c);
            // The columns that the last result reaches, zeros around the image's own.
            var padded = Math.Max(left + size.Line, ((result.Width - 1) * down + Taps) * c);
            var line = (float*)NativeMemory.AllocZeroed((nuint)padded, sizeof(float));
            for (int n = from; n < to; n++)
            {
                for (int i = 0; i < result.Height; i++)
                {
                    Combine<T, V>(x, n * size.Image, i * down - padY, line + left);
                    var target = n * result.Image + i * result.Line;
                    for (int j = 0; j < pieces; j++, target += piece) Emit<T, V>(line + j * stride, c, y, target, piece);
                }
            }
            NativeMemory.Free(line);
        }

        /// <summary>line ← Σ v[s] · row(top + s), rows outside left out.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Combine<T, V>(nint maps, nint image, int top, float* line) where T : struct, IElements
            where V : struct, ILanes<V>
        {
            var (first, last) = (Math.Max(0, -top), Math.Min(Taps, size.Height - top));
            var length = size.Line;
            if (first == 0 && last == Taps)
            {
                var (v0, v1, v2, v3) = (V.Create(v[0]), V.Create(v[1]), V.Create(v[2]), V.Create(v[3]));
                var row = image + top * length;
                var (row1, row2, row3) = (row + length, row + 2 * length, row + 3 * length);
                for (nint k = 0; k < length; k += V.Count)
                {
                    var upper = V.FusedMultiplyAdd(T.Load<V>(maps, row + k), v0, T.Load<V>(maps, row1 + k) * v1);
                    var lower = V.FusedMultiplyAdd(T.Load<V>(maps, row2 + k), v2, T.Load<V>(maps, row3 + k) * v3);
                    (upper + lower).Store(line + k);
                }
                return;
            }
            new Span<float>(line, (int)length).Clear();
            for (int s = first; s < last; s++)
            {
                var tap = V.Create(v[s]);
                var row = image + (top + s) * length;
                for (nint k = 0; k < length; k += V.Count)
                    V.FusedMultiplyAdd(T.Load<V>(maps, row + k), tap, V.Load(line + k)).Store(line + k);
            }
        }

        /// <summary>So many numbers, each from four columns of the line.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Emit<T, V>(float* columns, nint column, nint maps, nint target, nint count) where T : struct, IElements
            where V : struct, ILanes<V>
        {
            var (h0, h1, h2, h3) = (V.Create(h[0]), V.Create(h[1]), V.Create(h[2]), V.Create(h[3]));
            float* columns1 = columns + column, columns2 = columns1 + column, columns3 = columns2 + column;
            for (nint k = 0; k < count; k += V.Count)
            {
                var first = V.FusedMultiplyAdd(V.Load(columns + k), h0, V.Load(columns1 + k) * h1);
                var second = V.FusedMultiplyAdd(V.Load(columns2 + k), h2, V.Load(columns3 + k) * h3);
                T.Store(maps, target + k, first + second);
            }
        }
    }

    private readonly struct DoubleJob(Size size, nint x, nint y, float near, float far) : IMapsJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T, V>(int from, int to) where T : struct, IElements where V : struct, ILanes<V>
        {
            nint c = size.Channels;
            var line = (float*)NativeMemory.AllocZeroed((nuint)(size.Line + 2 * c), sizeof(float));
            for (int n = from; n < to; n++)
            {
                for (int i = 0; i < 2 * size.Height; i++)
                {
                    var other = i % 2 == 0 ? i / 2 - 1 : i / 2 + 1;
                    Combine<T, V>(n * size.Image + i / 2 * size.Line,
                        (uint)other < (uint)size.Height ? n * size.Image + other * size.Line : -1, line + c);
                    var target = 4 * n * size.Image + 2 * i * size.Line;
                    for (int j = 0; j < size.Width; j++, target += 2 * c) Emit<T, V>(line + (j + 1) * c, target);
                }
            }
            NativeMemory.Free(line);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Combine<T, V>(nint row, nint otherRow, float* line) where T : struct, IElements where V : struct, ILanes<V>
        {
            var (own, others) = (V.Create(near), V.Create(otherRow < 0 ? 0 : far));
            if (otherRow < 0) otherRow = row;
            for (nint k = 0; k < size.Line; k += V.Count)
                V.FusedMultiplyAdd(T.Load<V>(x, row + k), own, T.Load<V>(x, otherRow + k) * others).Store(line + k);
        }

        /// <summary>Two neighbouring pixels of all channels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Emit<T, V>(float* column, nint target) where T : struct, IElements where V : struct, ILanes<V>
        {
            var (own, others) = (V.Create(near), V.Create(far));
            nint c = size.Channels;
            for (nint k = 0; k < c; k += V.Count)
            {
                var centre = V.Load(column + k) * own;
                T.Store(y, target + k, V.FusedMultiplyAdd(V.Load(column + k - c), others, centre));
                T.Store(y, target + c + k, V.FusedMultiplyAdd(V.Load(column + k + c), others, centre));
            }
        }
    }
}
