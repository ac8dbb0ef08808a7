using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>
/// Numbers too small for a normal float slow the processor's convolutions 5 to 50 times; they are taken as 0. TorchSharp has no call
/// for it, so libtorch's own is called, where its name is known: Linux. Elsewhere nothing happens. Threads inherit the setting
/// when they are made: call it before any other work.
/// </summary>
public static class Denormals
{
    [ThreadStatic]
    private static bool _flushed;

    /// <summary>Switches flushing on for this thread and those libtorch makes from it.</summary>
    public static unsafe void Flush()
    {
        if (_flushed || !OperatingSystem.IsLinux()) return;
        _flushed = true;
        InitializeDeviceType(TorchSharp.DeviceType.CPU);
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", typeof(Denormals).Assembly, null, out var library)
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out var context)
            || !NativeLibrary.TryGetExport(library, "_ZN2at7Context16setFlushDenormalEb", out var flush)) return;
        ((delegate* unmanaged<nint, byte, byte>)flush)(((delegate* unmanaged<nint>)context)(), 1);
    }
}
