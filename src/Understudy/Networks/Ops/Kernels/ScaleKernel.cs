using System.Runtime.CompilerServices;
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
        var maps = Maps.Of(x);
        MapsWork.Run(new ForwardJob(maps, (nint)Maps.Data(x), (float*)Maps.Start(s), (nint)Maps.Data(y)), maps.Images, x);
    }

    /// <param name="gx">The gradient of x, like x.</param>
    /// <param name="gs">The gradient of s, [N, C], float32; overwritten.</param>
    public static void Backward(Tensor g, Tensor x, Tensor s, Tensor gx, Tensor gs)
    {
        var maps = Maps.Of(x);
        MapsWork.Run(new BackwardJob(maps, (nint)Maps.Data(g), (nint)Maps.Data(x), (float*)Maps.Start(s), (nint)Maps.Data(gx),
            (float*)Maps.Start(gs)), maps.Images, x);
    }

    private readonly struct ForwardJob(Maps maps, nint x, float* s, nint y) : IMapsJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T, V>(int from, int to) where T : struct, IElements where V : struct, ILanes<V>
        {
            var channels = (nint)maps.Channels;
            for (int n = from; n < to; n++)
            {
                var factors = s + n * channels;
                var first = (nint)n * maps.Rows * channels;
                for (int p = 0; p < maps.Rows; p++, first += channels)
                {
                    for (nint c = 0; c < channels; c += V.Count)
                        T.Store(y, first + c, T.Load<V>(x, first + c) * V.Load(factors + c));
                }
            }
        }
    }

    private readonly struct BackwardJob(Maps maps, nint g, nint x, float* s, nint gx, float* gs) : IMapsJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T, V>(int from, int to) where T : struct, IElements where V : struct, ILanes<V>
        {
            var channels = (nint)maps.Channels;
            for (int n = from; n < to; n++)
            {
                float* factors = s + n * channels, sums = gs + n * channels;
                new Span<float>(sums, maps.Channels).Clear();
                for (int tile = 0; tile < maps.Rows; tile += Tile)
                {
                    var rows = Math.Min(Tile, maps.Rows - tile);
                    var first = ((nint)n * maps.Rows + tile) * channels;
                    for (nint c = 0; c < channels; c += V.Count)
                    {
                        var (factor, sum) = (V.Load(factors + c), V.Load(sums + c));
                        var at = first + c;
                        for (int p = 0; p < rows; p++, at += channels)
                        {
                            var slope = T.Load<V>(g, at);
                            sum = V.FusedMultiplyAdd(slope, T.Load<V>(x, at), sum);
                            T.Store(gx, at, slope * factor);
                        }
                        sum.Store(sums + c);
                    }
                }
            }
        }
    }
}
