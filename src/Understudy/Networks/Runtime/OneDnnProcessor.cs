using System.Runtime.InteropServices;

namespace Understudy.Networks.Ops;

/// <summary>
/// What oneDNN noted of the processor, inside libtorch. There is no call to change it: the note is found by the name of the
/// function that returns it, in the library's symbol table, and changed only where it reads as a processor that describes no
/// cache makes it read.
/// </summary>
internal static unsafe class OneDnnProcessor
{
    /// <summary><c>dnnl::impl::cpu::x64::cpu()</c>, which makes the note at its first call and returns its address.</summary>
    internal const string Accessor = "_ZN4dnnl4impl3cpu3x643cpuEv";

    /// <summary>
    /// Places in the note, in words of four bytes: sizes of up to ten caches, then by how many cores each is shared, then how
    /// many caches there are.
    /// </summary>
    private const int Sizes = 7, MostCaches = 10, Sharing = Sizes + MostCaches, Levels = Sharing + MostCaches;

    /// <summary>
    /// Levels an AMD processor is taken to have. Zeros are taken for caches of (0 + 1)⁴ bytes that one core has.
    /// </summary>
    private const uint AmdLevels = 3, NothingSaid = 1;

    /// <summary>Makes oneDNN assume cache sizes. libtorch must be loaded, and no convolution have run.</summary>
    /// <returns>Whether it does; false where the library is not as expected, and then nothing was changed.</returns>
    internal static bool AssumeCaches()
    {
        try
        {
            return Locate(Accessor) is { } accessor
                && Assume(new Span<uint>(((delegate* unmanaged<uint*>)accessor)(), Levels + 1));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }

    /// <summary>
    /// Sets the number of levels to none where the note has caches of a byte; where there are none, all is well.
    /// </summary>
    internal static bool Assume(Span<uint> note)
    {
        var (levels, said) = note[Levels] == 0 ? (0u, 0u) : (AmdLevels, NothingSaid);
        if (note[Levels] != levels) return false;
        for (int i = 0; i < MostCaches; i++)
        {
            var expected = i < levels ? said : 0;
            if (note[Sizes + i] != expected || note[Sharing + i] != expected) return false;
        }
        note[Levels] = 0;
        return true;
    }

    /// <summary>The address of a function in libtorch, exported or not.</summary>
    internal static nint? Locate(string name)
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libtorch_cpu.so", out var library)) return null;
        // A handle of the loader's begins with where the library is and what file it came from (link_map in <link.h>).
        var (start, file) = (((nint*)library)[0], Marshal.PtrToStringUTF8(((nint*)library)[1]));
        return File.Exists(file) && SymbolTable.Find(file, name) is { } offset ? start + (nint)offset : null;
    }
}
