using System.Runtime.InteropServices;

namespace Understudy.Networks.Ops;

/// <summary>
/// Switches of libtorch's (methods of at::Context) that TorchSharp does not offer, called by their C++ names. Linux only.
/// </summary>
internal static unsafe class LibTorchSwitch
{
    internal const string FlushDenormal = "_ZN2at7Context16setFlushDenormalEb", OneDnn = "_ZN2at7Context20setUserEnabledMkldnnEb",
        Nnpack = "_ZN2at7Context20setUserEnabledNNPACKEb";

    /// <summary>Sets one. What it answers, if it answers, is its lowest byte.</summary>
    /// <returns>Nothing where the library or the name is missing.</returns>
    internal static byte? Set(string name, bool value)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            // loads libtorch_cpu.so, found below by its name
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
        }
        catch (DllNotFoundException) { return null; }
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", out var library)
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out var context)
            || !NativeLibrary.TryGetExport(library, name, out var set)) return null;
        return ((delegate* unmanaged<nint, byte, byte>)set)(((delegate* unmanaged<nint>)context)(), value ? (byte)1 : (byte)0);
    }
}
