using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>y = x · s, one factor for each channel of each image, and its derivatives in one pass.</summary>
internal static unsafe class ScaleKernel
{
    /// <summary>Rows that stay in the first-level cache while all channels' sums run over them.</summary>
    internal const int Tile = 32;

    /// <param name="s">[N, C], float32, contiguous.</param>
    public static void Forward(Tensor x, Tensor s, Tensor y)
    {
        if (x.dtype == ScalarType.BFloat16) Forward<BFloat16Elements>(x, s, y);
        else Forward<Float32Elements>(x, s, y);
    }

    /// <param name="gx">The gradient of x, like x.</param>
    /// <param name="gs">The gradient of s, [N, C], float32; overwritten.</param>
    public static void Backward(Tensor g, Tensor x, Tensor s, Tensor gx, Tensor gs)
    {
        if (x.dtype == ScalarType.BFloat16) Backward<BFloat16Elements>(g, x, s, gx, gs);
        else Backward<Float32Elements>(g, x, s, gx, gs);
    }

    private static void Forward<T>(Tensor x, Tensor s, Tensor y) where T : struct, IElements
    {
        var job = new ForwardJob<T>(Maps.Of(x), (nint)Maps.Data(x), (nint)Maps.Start(s), (nint)Maps.Data(y));
        Workers.Run(ref job, job.Maps.Images);
    }

    private static void Backward<T>(Tensor g, Tensor x, Tensor s, Tensor gx, Tensor gs) where T : struct, IElements
    {
        var job = new BackwardJob<T>(Maps.Of(x), (nint)Maps.Data(g), (nint)Maps.Data(x), (nint)Maps.Start(s),
            (nint)Maps.Data(gx), (nint)Maps.Start(gs));
        Workers.Run(ref job, job.Maps.Images);
    }

    private readonly struct ForwardJob<T>(Maps maps, nint x, nint s, nint y) : IJob where T : struct, IElements
    {
        public Maps Maps => maps;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            var channels = (nint)maps.Channels;
            for (int n = from; n < to; n++)
            {
                var factors = (float*)s + n * channels;
                var first = (nint)n * maps.Rows * channels;
                for (int p = 0; p < maps.Rows; p++, first += channels)
                {
                    for (nint c = 0; c < channels; c += IElements.Lanes)
                        T.Store((void*)y, first + c, T.Load((void*)x, first + c) * Vector256.Load(factors + c));
                }
            }
        }
    }

    private readonly struct BackwardJob<T>(Maps maps, nint g, nint x, nint s, nint gx, nint gs) : IJob where T : struct, IElements
    {
        public Maps Maps => maps;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            var channels = (nint)maps.Channels;
            for (int n = from; n < to; n++)
            {
                var (factors, sums) = ((nint)((float*)s + n * channels), (nint)((float*)gs + n * channels));
                new Span<float>((void*)sums, maps.Channels).Clear();
                for (int tile = 0; tile < maps.Rows; tile += Tile)
                {
                    var rows = Math.Min(Tile, maps.Rows - tile);
                    var first = ((nint)n * maps.Rows + tile) * channels;
                    for (nint c = 0; c < channels; c += IElements.Lanes)
                    {
                        var factor = Vector256.Load((float*)factors + c);
                        var sum = Vector256.Load((float*)sums + c);
                        var at = first + c;
                        for (int p = 0; p < rows; p++, at += channels)
                        {
                            var slope = T.Load((void*)g, at);
                            sum = Vector256.FusedMultiplyAdd(slope, T.Load((void*)x, at), sum);
                            T.Store((void*)gx, at, slope * factor);
                        }
                        sum.Store((float*)sums + c);
                    }
                }
            }
        }
    }
}
