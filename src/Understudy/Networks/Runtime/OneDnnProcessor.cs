using System.Runtime.InteropServices;

namespace Understudy.Networks.Ops;

/// <summary>
/// What oneDNN noted of the processor, inside libtorch. There is no call to change it: the note is found by the name of the
/// function that returns it, in the library's symbol table, and changed only where it reads exactly as a processor that
/// describes no cache makes it read.
/// </summary>
internal static unsafe class OneDnnProcessor
{
    /// <summary><c>dnnl::impl::cpu::x64::cpu()</c>, which makes the note at its first call and returns its address.</summary>
    internal const string Accessor = "_ZN4dnnl4impl3cpu3x643cpuEv";

    /// <summary>
    /// Places in the note, in words of four bytes: sizes of up to ten caches, then by how many cores each is shared, then how
    /// many caches there are.
    /// </summary>
    private const int Sizes = 7, MostCaches = 10, Levels = Sizes + 2 * MostCaches;

    /// <summary>Levels an AMD processor is taken to have, and the size that zeros are taken for: (0 + 1)⁴ bytes.</summary>
    private const uint AmdLevels = 3, NoSize = 1;

    /// <summary>Makes oneDNN assume cache sizes. libtorch must be loaded, and no convolution have run.</summary>
    /// <returns>Whether it does now; false where the library is not as expected, and then nothing was changed.</returns>
    internal static bool ForgetCaches()
    {
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", out var library)) return false;
        // A handle of the loader's begins with where the library is and what file it came from (link_map in <link.h>).
        var (start, file) = (((nint*)library)[0], Marshal.PtrToStringUTF8(((nint*)library)[1]));
        if (!File.Exists(file) || SymbolTable.Find(file, Accessor) is not { } offset) return false;
        return Forget(new Span<uint>(((delegate* unmanaged<uint*>)(start + (nint)offset))(), Levels + 1));
    }

    /// <summary>Sets the number of levels to none, if the note has caches of a byte and nothing else.</summary>
    internal static bool Forget(Span<uint> note)
    {
        for (int i = 0; i < MostCaches; i++)
            if (note[Sizes + i] != (i < AmdLevels ? NoSize : 0)) return false;
        if (note[Levels] != AmdLevels) return false;
        note[Levels] = 0;
        return true;
    }
}
