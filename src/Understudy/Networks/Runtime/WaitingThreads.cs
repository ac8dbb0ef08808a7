using System.Runtime.InteropServices;

namespace Understudy.Networks.Ops;

/// <summary>
/// libtorch's threads meet at the end of every parallel loop. GNU OpenMP lets those that come first spin until the last is there,
/// which is quickest as long as each has a processor to itself. Where another program has it, they spin away the time the last
/// one needs: training falls to a tenth. Told to sleep after some microseconds, they lose nothing that could be measured on an
/// idle machine (ADR 0010).
/// </summary>
public static class WaitingThreads
{
    private const string Spins = "GOMP_SPINCOUNT", Policy = "OMP_WAIT_POLICY";

    /// <summary>Rounds of waiting before a thread sleeps, each of some nanoseconds.</summary>
    private const string Few = "2000";

    /// <summary>
    /// Lets threads of this process sleep soon. To be called before anything of libtorch, which reads it once. A user's own
    /// setting of GOMP_SPINCOUNT or OMP_WAIT_POLICY stays. Does nothing where the C library is not glibc.
    /// </summary>
    /// <returns>Whether it was set.</returns>
    public static bool SleepSoon()
    {
        if (Environment.GetEnvironmentVariable(Spins) is not null || Environment.GetEnvironmentVariable(Policy) is not null)
            return false;
        // .NET's own variables are a copy that native code does not see.
        return OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library)
            && NativeLibrary.TryGetExport(library, "setenv", out var setenv) && Set(setenv, Spins, Few);
    }

    private static unsafe bool Set(nint setenv, string name, string value)
    {
        var (n, v) = (Marshal.StringToCoTaskMemUTF8(name), Marshal.StringToCoTaskMemUTF8(value));
        try { return ((delegate* unmanaged<nint, nint, int, int>)setenv)(n, v, 0) == 0; }
        finally { Marshal.FreeCoTaskMem(n); Marshal.FreeCoTaskMem(v); }
    }
}
