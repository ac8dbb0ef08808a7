using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Text;

namespace Understudy.Networks.Ops;

/// <summary>
/// The names that a shared library keeps for debuggers (ELF, section .symtab), which the loader does not offer. 64-bit,
/// little-endian.
/// </summary>
internal static unsafe class SymbolTable
{
    private const int SymbolTableSection = 2;

    /// <summary>Where a function of that name is, in bytes from where the library is loaded.</summary>
    /// <returns>Nothing where the file is no such library, was stripped of the table, or does not have the name.</returns>
    internal static long? Find(string path, string name)
    {
        if (new FileInfo(path).Length is var length && length < sizeof(Header)) return null;
        using var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        var handle = view.SafeMemoryMappedViewHandle;
        byte* start = null;
        handle.AcquirePointer(ref start);
        try { return Find(new Elf(start + view.PointerOffset, length), name); }
        finally { handle.ReleasePointer(); }
    }

    private static long? Find(Elf file, string name)
    {
        if (file.Slice<Header>(0, 1) is not [var header] || !header.IsElf64) return null;
        var sections = file.Slice<Section>(header.Sections, header.SectionCount);
        foreach (var section in sections)
        {
            if (section.Type != SymbolTableSection || section.Link >= sections.Length) continue;
            var (at, size) = (sections[(int)section.Link].Offset, sections[(int)section.Link].Size);
            int place = file.Slice<byte>(at, size).IndexOf(Encoding.ASCII.GetBytes($"\0{name}\0")) + 1;
            if (place == 0) continue;
            foreach (var symbol in file.Slice<Symbol>(section.Offset, section.Size / sizeof(Symbol)))
                if (symbol.Name == place && symbol.IsFunction) return symbol.Value;
        }
        return null;
    }

    /// <summary>The bytes of a file; what lies outside is read as nothing.</summary>
    private readonly struct Elf(byte* start, long length)
    {
        internal ReadOnlySpan<T> Slice<T>(long offset, long count) where T : unmanaged =>
            offset < 0 || count < 0 || count > int.MaxValue || offset > length || count > (length - offset) / sizeof(T)
                ? [] : new ReadOnlySpan<T>(start + offset, (int)count);
    }

    /// <summary>Elf64_Ehdr.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private readonly struct Header
    {
        [FieldOffset(0)] private readonly uint magic;
        [FieldOffset(4)] private readonly byte wordSize;
        [FieldOffset(5)] private readonly byte byteOrder;
        [FieldOffset(40)] internal readonly long Sections;
        [FieldOffset(60)] internal readonly ushort SectionCount;

        internal bool IsElf64 => magic == 0x464C457F && wordSize == 2 && byteOrder == 1;
    }

    /// <summary>Elf64_Shdr.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private readonly struct Section
    {
        [FieldOffset(4)] internal readonly uint Type;
        [FieldOffset(24)] internal readonly long Offset;
        [FieldOffset(32)] internal readonly long Size;
        [FieldOffset(40)] internal readonly uint Link;
    }

    /// <summary>Elf64_Sym.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    private readonly struct Symbol
    {
        [FieldOffset(0)] internal readonly uint Name;
        [FieldOffset(4)] private readonly byte kind;
        [FieldOffset(6)] private readonly ushort section;
        [FieldOffset(8)] internal readonly long Value;

        /// <summary>STT_FUNC, and here rather than in another library.</summary>
        internal bool IsFunction => (kind & 15) == 2 && section != 0;
    }
}
