using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>Work over channels-last maps, written once for both types of their numbers and every width of registers.</summary>
internal interface IMapsJob
{
    /// <summary>Items <paramref name="from"/> to <paramref name="to"/> (exclusive). Throws nothing.</summary>
    void Run<T, V>(int from, int to) where T : struct, IElements where V : struct, ILanes<V>;
}

/// <summary>Chooses type and width, and shares the work.</summary>
internal static class MapsWork
{
    /// <summary>Runs the job on all of 0 … <paramref name="count"/> − 1.</summary>
    /// <param name="maps">Whose type and channels decide.</param>
    public static void Run<TJob>(in TJob job, int count, Tensor maps) where TJob : unmanaged, IMapsJob
    {
        var wide = Vector512.IsHardwareAccelerated && maps.shape[1] % Lanes16.Count == 0;
        switch (maps.dtype == ScalarType.BFloat16, wide)
        {
            case (true, true): Run<TJob, BFloat16Elements, Lanes16>(job, count); break;
            case (true, false): Run<TJob, BFloat16Elements, Lanes8>(job, count); break;
            case (false, true): Run<TJob, Float32Elements, Lanes16>(job, count); break;
            case (false, false): Run<TJob, Float32Elements, Lanes8>(job, count); break;
        }
    }

    private static void Run<TJob, T, V>(in TJob job, int count) where TJob : unmanaged, IMapsJob where T : struct, IElements
        where V : struct, ILanes<V>
    {
        var chosen = new Chosen<TJob, T, V>(job);
        Workers.Run(ref chosen, count);
    }

    private readonly struct Chosen<TJob, T, V>(TJob job) : IJob where TJob : unmanaged, IMapsJob where T : struct, IElements
        where V : struct, ILanes<V>
    {
        public void Run(int from, int to) => job.Run<T, V>(from, to);
    }
}
