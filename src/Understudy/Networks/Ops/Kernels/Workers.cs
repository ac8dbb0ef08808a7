using System.Runtime.InteropServices;
using TorchSharp;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>A piece of work that is done in parts; plain data, so that native threads can run it.</summary>
internal interface IJob
{
    /// <summary>Items <paramref name="from"/> to <paramref name="to"/> (exclusive). Throws nothing.</summary>
    void Run(int from, int to);
}

/// <summary>
/// Shares work among as many threads as libtorch uses, and where it can (Linux) among the very same: libtorch's OpenMP threads
/// spin for a while after each of its operations, and threads of our own would have to wait for them.
/// </summary>
internal static unsafe class Workers
{
    private static readonly delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> s_parallel;
    private static readonly delegate* unmanaged<int> s_most, s_number, s_count;

    static Workers()
    {
        // The exports are those of the OpenMP library that libtorch itself was linked with.
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libtorch_cpu.so", out var library)) return;
        if (!NativeLibrary.TryGetExport(library, "GOMP_parallel", out var parallel)
            || !NativeLibrary.TryGetExport(library, "omp_get_max_threads", out var most)
            || !NativeLibrary.TryGetExport(library, "omp_get_thread_num", out var number)
            || !NativeLibrary.TryGetExport(library, "omp_get_num_threads", out var count)) return;
        s_most = (delegate* unmanaged<int>)most;
        s_number = (delegate* unmanaged<int>)number;
        s_count = (delegate* unmanaged<int>)count;
        s_parallel = (delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void>)parallel;
    }

    /// <summary>Whether the threads are libtorch's own.</summary>
    public static bool AreShared => s_parallel is not null;

    /// <summary>
    /// Runs the job on all of 0 … <paramref name="count"/> − 1, in one part a thread, and returns when it is done.
    /// </summary>
    public static void Run<TJob>(ref TJob job, int count) where TJob : unmanaged, IJob
    {
        var threads = Math.Min(count, AreShared ? s_most() : torch.get_num_threads());
        if (threads <= 1)
        {
            job.Run(0, count);
            return;
        }
        fixed (TJob* at = &job)
        {
            var part = new Part(&RunPart<TJob>, at, count);
            if (AreShared) s_parallel(&Enter, (nint)(&part), (uint)threads, 0);
            else
            {
                var address = (nint)(&part);
                Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads },
                    i => ((Part*)address)->Run(i, threads));
            }
        }
    }

    private static void RunPart<TJob>(void* job, int from, int to) where TJob : unmanaged, IJob => ((TJob*)job)->Run(from, to);

    [UnmanagedCallersOnly]
    private static void Enter(nint part) => ((Part*)part)->Run(s_number(), s_count());

    private readonly struct Part(delegate*<void*, int, int, void> run, void* job, int count)
    {
        public void Run(int i, int parts) => run(job, (int)((long)count * i / parts), (int)((long)count * (i + 1) / parts));
    }
}
