using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>The means of channels-last maps over the pixels of each image.</summary>
internal static unsafe class MeanKernel
{
    /// <param name="means">[N, C], float32, contiguous, overwritten.</param>
    public static void Run(Tensor x, Tensor means)
    {
        var maps = Maps.Of(x);
        if (x.dtype == ScalarType.BFloat16)
        {
            var job = new Job<BFloat16Elements>(maps, (nint)Maps.Data(x), (nint)Maps.Start(means));
            Workers.Run(ref job, maps.Images);
        }
        else
        {
            var job = new Job<Float32Elements>(maps, (nint)Maps.Data(x), (nint)Maps.Start(means));
            Workers.Run(ref job, maps.Images);
        }
    }

    private readonly struct Job<T>(Maps maps, nint x, nint means) : IJob where T : struct, IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            nint channels = maps.Channels;
            for (int n = from; n < to; n++)
            {
                var sums = (float*)means + n * channels;
                new Span<float>(sums, maps.Channels).Clear();
                var at = n * maps.Rows * channels;
                for (int row = 0; row < maps.Rows; row++, at += channels)
                {
                    for (nint c = 0; c < channels; c += IElements.Lanes)
                        (Vector256.Load(sums + c) + T.Load((void*)x, at + c)).Store(sums + c);
                }
                for (nint c = 0; c < channels; c += IElements.Lanes) (Vector256.Load(sums + c) / maps.Rows).Store(sums + c);
            }
        }
    }
}
