using System.Runtime.InteropServices;

namespace Understudy.Networks.Ops;

/// <summary>
/// libtorch allocates and frees every intermediate result. The C library gives large blocks back to the system at once, and a
/// step then spends a tenth of its time on having the same pages zeroed and mapped again; told to keep them, it reuses them.
/// </summary>
public static class NativeHeap
{
    private const int TrimThreshold = -1, MmapThreshold = -3, Most = 1 << 30;

    /// <summary>Keeps freed blocks for this process, from now on. Does nothing where the C library is not glibc.</summary>
    /// <returns>Whether they are kept.</returns>
    public static bool Retain()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out var library)
            || !NativeLibrary.TryGetExport(library, "mallopt", out var mallopt)) return false;
        return Set(mallopt, MmapThreshold) && Set(mallopt, TrimThreshold);
    }

    private static unsafe bool Set(nint mallopt, int parameter) =>
        ((delegate* unmanaged<int, int, int>)mallopt)(parameter, Most) != 0;
}
