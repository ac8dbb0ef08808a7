using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>target ← source · (1 where sign > 0, else the slope): the leaky rectifier and its derivative alike.</summary>
internal static unsafe class RectifierKernel
{
    /// <summary>All three channels-last and of one shape and type; any may be the same.</summary>
    public static void Run(Tensor source, Tensor sign, Tensor target, double slope)
    {
        var count = target.numel() / IElements.Lanes;
        var (from, by, to) = ((nint)Maps.Data(source), (nint)Maps.Data(sign), (nint)Maps.Data(target));
        // A part is a chunk: eight numbers are too few to be worth a call.
        const int chunk = 1 << 12;
        var chunks = (int)((count + chunk - 1) / chunk);
        if (target.dtype == ScalarType.BFloat16)
        {
            var job = new Job<BFloat16Elements>(from, by, to, count, chunk, (float)slope);
            Workers.Run(ref job, chunks);
        }
        else
        {
            var job = new Job<Float32Elements>(from, by, to, count, chunk, (float)slope);
            Workers.Run(ref job, chunks);
        }
    }

    private readonly struct Job<T>(nint source, nint sign, nint target, long count, int chunk, float slope)
        : IJob where T : struct, IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            void* x = (void*)source, s = (void*)sign, y = (void*)target;
            var (one, less) = (Vector256<float>.One, Vector256.Create(slope));
            var end = (nint)Math.Min(count, (long)to * chunk) * IElements.Lanes;
            for (var i = (nint)from * chunk * IElements.Lanes; i < end; i += IElements.Lanes)
            {
                var factor = Vector256.ConditionalSelect(Vector256.GreaterThan(T.Load(s, i), Vector256<float>.Zero), one, less);
                T.Store(y, i, T.Load(x, i) * factor);
            }
        }
    }
}
