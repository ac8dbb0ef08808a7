using System.Runtime.InteropServices;

namespace Understudy.Networks.Ops;

/// <summary>
/// Numbers below 1e-38 cost a processor a hundred times a normal one, and dying activations are made of them. libtorch can flush
/// them to zero but TorchSharp does not offer it, so on Linux the two C++ symbols behind <c>torch.set_flush_denormal</c> are
/// called directly.
/// </summary>
public static class Denormals
{
    /// <summary>
    /// Flushes denormals in this thread and in the worker threads libtorch starts afterwards: call it before the first tensor.
    /// Does nothing where the symbols are missing.
    /// </summary>
    /// <returns>Whether denormals are flushed.</returns>
    public static bool Flush()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            // loads libtorch_cpu.so, found below by its name
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
            if (!NativeLibrary.TryLoad("libtorch_cpu.so", out var library)
                || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out var context)
                || !NativeLibrary.TryGetExport(library, "_ZN2at7Context16setFlushDenormalEb", out var set)) return false;
            return Call(context, set);
        }
        catch (DllNotFoundException) { return false; }
    }

    private static unsafe bool Call(nint context, nint set)
    {
        var current = ((delegate* unmanaged<nint>)context)();
        return ((delegate* unmanaged<nint, byte, byte>)set)(current, 1) != 0;
    }
}
