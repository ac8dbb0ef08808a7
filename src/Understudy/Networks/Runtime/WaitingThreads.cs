using System.Globalization;
using System.Runtime.InteropServices;

namespace Understudy.Networks.Ops;

/// <summary>
/// libtorch's threads meet at the end of every parallel loop. GNU OpenMP lets those that come first spin until the last is there,
/// which is quickest as long as each has a processor to itself. Where another program has it, they spin away the time the last
/// one needs: training falls to a tenth. How long they spin before they sleep is therefore chosen by what else runs when the
/// program starts (ADR 0010).
/// </summary>
public static class WaitingThreads
{
    private const string Spins = "GOMP_SPINCOUNT", Policy = "OMP_WAIT_POLICY";

    /// <summary>Rounds of waiting before a thread sleeps: some hundreds of microseconds, or some tens.</summary>
    private const string Many = "30000", Few = "2000";

    /// <summary>
    /// Chooses for this process. To be called before anything of libtorch, which reads it once. A user's own setting of
    /// GOMP_SPINCOUNT or OMP_WAIT_POLICY stays. Does nothing where the C library is not glibc.
    /// </summary>
    /// <returns>Whether it was set.</returns>
    public static bool Choose()
    {
        if (Environment.GetEnvironmentVariable(Spins) is not null || Environment.GetEnvironmentVariable(Policy) is not null)
            return false;
        // .NET's own variables are a copy that native code does not see.
        return OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library)
            && NativeLibrary.TryGetExport(library, "setenv", out var setenv) && Set(setenv, Spins, OthersRun() ? Few : Many);
    }

    /// <summary>
    /// Whether threads besides this one run, here or, in a container, on the machine around it. Those of the runtime that is just
    /// starting come and go: the quietest of several looks counts.
    /// </summary>
    private static bool OthersRun()
    {
        const int looks = 5;
        try
        {
            for (int i = 0; i < looks; i++)
            {
                if (Running(File.ReadAllText("/proc/loadavg")) == 1) return false;
                Thread.Sleep(1);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* then as if they did */ }
        return true;
    }

    /// <summary>
    /// How many threads run or could, by the text of /proc/loadavg: "0.31 0.12 0.04 2/84 1234" is two. A system that counts
    /// nothing says 0.
    /// </summary>
    internal static int Running(string loadAverage) =>
        loadAverage.Split(' ') is [_, _, _, var running, ..]
            && int.TryParse(running.Split('/')[0], CultureInfo.InvariantCulture, out var n) ? n : int.MaxValue;

    private static unsafe bool Set(nint setenv, string name, string value)
    {
        var (n, v) = (Marshal.StringToCoTaskMemUTF8(name), Marshal.StringToCoTaskMemUTF8(value));
        try { return ((delegate* unmanaged<nint, nint, int, int>)setenv)(n, v, 0) == 0; }
        finally { Marshal.FreeCoTaskMem(n); Marshal.FreeCoTaskMem(v); }
    }
}
