using System.Runtime.InteropServices;

namespace Understudy.Common;

/// <summary>What is neither a file nor a folder: a pipe or a device, which takes bytes as they come.</summary>
internal static class SpecialFile
{
    // struct statx of Linux, the same on every processor: stx_mode lies at byte 28 of 256.
    private const int StatxBytes = 256, ModeAt = 28, CurrentFolder = -100, ModeMask = 1;
    private const int TypeBits = 0xF000, RegularFile = 0x8000, Folder = 0x4000;

    /// <summary>
    /// Whether there is nothing at a path that could be kept or replaced. It is looked at, not opened: who opens a pipe and
    /// closes it again ends what reads from it.
    /// </summary>
    public static unsafe bool Is(string path)
    {
        if (!File.Exists(path)) return false;
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out var library)
            || !NativeLibrary.TryGetExport(library, "statx", out var statx)) return false;
        var name = Marshal.StringToCoTaskMemUTF8(path);
        var answer = stackalloc byte[StatxBytes];
        try
        {
            var ask = (delegate* unmanaged<int, nint, int, uint, byte*, int>)statx;
            if (ask(CurrentFolder, name, 0, ModeMask, answer) != 0) return false;
            return (*(ushort*)(answer + ModeAt) & TypeBits) is not (RegularFile or Folder);
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }
}
