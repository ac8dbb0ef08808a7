using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>target ← source · (1 where sign > 0, else the slope): the leaky rectifier and its derivative alike.</summary>
internal static unsafe class RectifierKernel
{
    /// <summary>All three channels-last and of one shape and type; any may be the same.</summary>
    public static void Run(Tensor source, Tensor sign, Tensor target, double slope)
    {
        var count = (nint)target.numel();
        var job = new Job((nint)Maps.Data(source), (nint)Maps.Data(sign), (nint)Maps.Data(target), count, (float)slope);
        MapsWork.Run(job, (int)((count + Job.Chunk - 1) / Job.Chunk), target);
    }

    private readonly struct Job(nint source, nint sign, nint target, nint count, float slope) : IMapsJob
    {
        // A part is a chunk: a few numbers are too few to be worth a call.
        public const int Chunk = 1 << 15;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T, V>(int from, int to) where T : struct, IElements where V : struct, ILanes<V>
        {
            var (x, signs, y) = (source, sign, target);
            var (one, less) = (V.Create(1), V.Create(slope));
            var end = Math.Min(count, (nint)to * Chunk);
            for (var i = (nint)from * Chunk; i < end; i += V.Count)
                T.Store(y, i, T.Load<V>(x, i) * V.WherePositive(T.Load<V>(signs, i), one, less));
        }
    }
}
