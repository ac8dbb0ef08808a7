using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// A convolution of every channel with a square kernel of its own, and its derivatives, on channels-last maps. Products are
/// summed in float32 for either type; sums over images are the same for any number of threads.
/// </summary>
/// <remarks>
/// oneDNN has a fast derivative by the taps for 3×3 alone; that of 5×5 kernels was an eighth of all time in training MobileNetV3
/// (docs/adr/0008-own-kernels.md).
/// </remarks>
internal static unsafe class DepthwiseKernel
{
    /// <summary>Channels whose sums are in registers at once, four vectors: one alone would wait for its own additions.</summary>
    private const int Wide = 4 * IElements.Lanes;

    /// <summary>Images that share one sum of the taps' gradients.</summary>
    private const int Together = 4;

    /// <param name="taps">[k, k, C], float32, contiguous.</param>
    /// <param name="y">[N, C, OH, OW], overwritten.</param>
    public static void Forward(Tensor x, Tensor taps, int stride, int padding, Tensor y)
    {
        var (from, to, kernel) = (Sides(x), Sides(y), (int)taps.shape[0]);
        Gather(x, taps, y, TapRange.Forward(to.H, from.H, kernel, stride, padding),
            TapRange.Forward(to.W, from.W, kernel, stride, padding),
            tapStep: 1, sourceStep: 1);
    }

    /// <summary>The derivative by the maps.</summary>
    /// <param name="g">[N, C, OH, OW].</param>
    /// <param name="gx">[N, C, H, W], overwritten.</param>
    public static void BackwardMaps(Tensor g, Tensor taps, int stride, int padding, Tensor gx)
    {
        var (from, to, kernel) = (Sides(g), Sides(gx), (int)taps.shape[0]);
        Gather(g, taps, gx, TapRange.Adjoint(to.H, from.H, kernel, stride, padding),
            TapRange.Adjoint(to.W, from.W, kernel, stride, padding),
            stride, sourceStep: -1);
    }

    /// <summary>The derivative by the taps.</summary>
    /// <returns>[k, k, C], float32.</returns>
    public static Tensor BackwardTaps(Tensor g, Tensor x, int kernel, int stride, int padding)
    {
        var s = x.shape;
        var sums = (int)((s[0] + Together - 1) / Together);
        using var partial = zeros(sums, kernel, kernel, s[1]);
        var sizes = new Sizes((int)s[0], (int)s[1], Sides(x), Sides(g), kernel);
        var rows = TapRange.Forward(sizes.Result.H, sizes.Source.H, kernel, stride, padding);
        var (gradients, maps, sumsAt) = ((nint)Maps.Data(g), (nint)Maps.Data(x), (nint)Maps.Start(partial));
        var columns = TapResults.Of(TapRange.Forward(sizes.Result.W, sizes.Source.W, kernel, stride, padding), kernel);
        fixed (TapRange* down = rows)
        fixed (TapResults* across = columns)
        {
            if (x.dtype == ScalarType.BFloat16)
            {
                var job = new TapsJob<BFloat16Elements>(sizes, gradients, maps, sumsAt, (nint)down, (nint)across, stride);
                Workers.Run(ref job, sums);
            }
            else
            {
                var job = new TapsJob<Float32Elements>(sizes, gradients, maps, sumsAt, (nint)down, (nint)across, stride);
                Workers.Run(ref job, sums);
            }
        }
        return partial.sum([0]);
    }

    private static void Gather(Tensor source, Tensor taps, Tensor result, TapRange[] rows, TapRange[] columns, int tapStep,
        int sourceStep)
    {
        var sizes = new Sizes((int)source.shape[0], (int)source.shape[1], Sides(source), Sides(result), (int)taps.shape[0]);
        var (from, to, weights) = ((nint)Maps.Data(source), (nint)Maps.Data(result), (nint)Maps.Start(taps));
        fixed (TapRange* down = rows, across = columns)
        {
            if (source.dtype == ScalarType.BFloat16)
            {
                var job = new GatherJob<BFloat16Elements>(sizes, from, weights, to, (nint)down, (nint)across, tapStep,
                    sourceStep);
                Workers.Run(ref job, sizes.Images * sizes.Result.H);
            }
            else
            {
                var job = new GatherJob<Float32Elements>(sizes, from, weights, to, (nint)down, (nint)across, tapStep, sourceStep);
                Workers.Run(ref job, sizes.Images * sizes.Result.H);
            }
        }
    }

    private static (int H, int W) Sides(Tensor maps) => ((int)maps.shape[2], (int)maps.shape[3]);

    private readonly record struct Sizes(int Images, int Channels, (int H, int W) Source, (int H, int W) Result, int Kernel);

    /// <summary>result = Σ source · tap, over the taps in reach. An item is a row of one image's result.</summary>
    private readonly struct GatherJob<T>(
        Sizes sizes, nint source, nint taps, nint result, nint rows, nint columns, int tapStep, int sourceStep)
            : IJob where T : struct, IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            nint channels = sizes.Channels;
            for (int item = from; item < to; item++)
            {
                int n = item / sizes.Result.H, y = item % sizes.Result.H;
                var row = ((TapRange*)rows)[y];
                for (int x = 0; x < sizes.Result.W; x++)
                {
                    var column = ((TapRange*)columns)[x];
                    var firstSource = (((nint)n * sizes.Source.H + row.Source) * sizes.Source.W + column.Source) * channels;
                    var firstTap = ((nint)row.Tap * sizes.Kernel + column.Tap) * channels;
                    var target = ((nint)item * sizes.Result.W + x) * channels;
                    nint c = 0;
                    for (; c + Wide <= channels; c += Wide)
                    {
                        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
                        for (int i = 0; i < row.Count; i++)
                        {
                            var at = firstSource + (nint)i * sourceStep * sizes.Source.W * channels + c;
                            var tap = (float*)taps + firstTap + (nint)i * tapStep * sizes.Kernel * channels + c;
                            for (int j = 0; j < column.Count; j++, at += sourceStep * channels, tap += tapStep * channels)
                            {
                                s0 = Vector256.FusedMultiplyAdd(T.Load((void*)source, at), Vector256.Load(tap), s0);
                                s1 = Vector256.FusedMultiplyAdd(T.Load((void*)source, at + 8), Vector256.Load(tap + 8), s1);
                                s2 = Vector256.FusedMultiplyAdd(T.Load((void*)source, at + 16), Vector256.Load(tap + 16), s2);
                                s3 = Vector256.FusedMultiplyAdd(T.Load((void*)source, at + 24), Vector256.Load(tap + 24), s3);
                            }
                        }
                        T.Store((void*)result, target + c, s0);
                        T.Store((void*)result, target + c + 8, s1);
                        T.Store((void*)result, target + c + 16, s2);
                        T.Store((void*)result, target + c + 24, s3);
                    }
                    for (; c < channels; c += IElements.Lanes)
                    {
                        var sum = Vector256<float>.Zero;
                        for (int i = 0; i < row.Count; i++)
                        {
                            var at = firstSource + (nint)i * sourceStep * sizes.Source.W * channels + c;
                            var tap = (float*)taps + firstTap + (nint)i * tapStep * sizes.Kernel * channels + c;
                            for (int j = 0; j < column.Count; j++, at += sourceStep * channels, tap += tapStep * channels)
                                sum = Vector256.FusedMultiplyAdd(T.Load((void*)source, at), Vector256.Load(tap), sum);
                        }
                        T.Store((void*)result, target + c, sum);
                    }
                }
            }
        }
    }

    /// <summary>tap's gradient += Σ g · x over the results that the tap had a part in. An item is a few images.</summary>
    private readonly struct TapsJob<T>(
        Sizes sizes, nint g, nint maps, nint sums, nint rows, nint columns, int stride) : IJob where T : struct, IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            nint channels = sizes.Channels;
            for (int n = from * Together; n < Math.Min(to * Together, sizes.Images); n++)
            {
                var sum = (float*)sums + (nint)(n / Together) * sizes.Kernel * sizes.Kernel * channels;
                for (int y = 0; y < sizes.Result.H; y++)
                {
                    // Row by row: a row of gradients and the rows of maps that it met stay in the first-level cache for all taps.
                    var row = ((TapRange*)rows)[y];
                    for (int i = 0; i < row.Count; i++)
                    {
                        for (int k = 0; k < sizes.Kernel; k++)
                        {
                            var column = ((TapResults*)columns)[k];
                            if (column.Count == 0) continue;
                            AddRow(sum + ((nint)(row.Tap + i) * sizes.Kernel + k) * channels,
                                (((nint)n * sizes.Result.H + y) * sizes.Result.W + column.First) * channels,
                                (((nint)n * sizes.Source.H + row.Source + i) * sizes.Source.W + column.Source) * channels,
                                    column.Count);
                        }
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddRow(float* sum, nint gradient, nint map, int count)
        {
            nint channels = sizes.Channels, step = stride * channels, c = 0;
            for (; c + Wide <= channels; c += Wide)
            {
                var (s0, s1) = (Vector256.Load(sum + c), Vector256.Load(sum + c + 8));
                var (s2, s3) = (Vector256.Load(sum + c + 16), Vector256.Load(sum + c + 24));
                for (nint p = 0, a = gradient + c, b = map + c; p < count; p++, a += channels, b += step)
                {
                    s0 = Vector256.FusedMultiplyAdd(T.Load((void*)g, a), T.Load((void*)maps, b), s0);
                    s1 = Vector256.FusedMultiplyAdd(T.Load((void*)g, a + 8), T.Load((void*)maps, b + 8), s1);
                    s2 = Vector256.FusedMultiplyAdd(T.Load((void*)g, a + 16), T.Load((void*)maps, b + 16), s2);
                    s3 = Vector256.FusedMultiplyAdd(T.Load((void*)g, a + 24), T.Load((void*)maps, b + 24), s3);
                }
                s0.Store(sum + c);
                s1.Store(sum + c + 8);
                s2.Store(sum + c + 16);
                s3.Store(sum + c + 24);
            }
            for (; c < channels; c += IElements.Lanes)
            {
                var s = Vector256.Load(sum + c);
                for (nint p = 0, a = gradient + c, b = map + c; p < count; p++, a += channels, b += step)
                    s = Vector256.FusedMultiplyAdd(T.Load((void*)g, a), T.Load((void*)maps, b), s);
                s.Store(sum + c);
            }
        }
    }
}
