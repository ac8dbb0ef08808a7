using System.Runtime.InteropServices;
using Understudy.Networks.Ops;

namespace Understudy.Tests.Networks.Ops;

[Collection("torch")]
public sealed class OneDnnProcessorTests
{
    [Fact]
    public void Assume_CachesOfAByte_LeavesNoLevels()
    {
        var note = Note();
        Assert.True(OneDnnProcessor.Assume(note));
        var expected = Note();
        expected[27] = 0;
        Assert.Equal(expected, note);
    }

    /// <summary>What an oneDNN notes that stops at the first cache that is none.</summary>
    [Fact]
    public void Assume_NoLevels_IsWellAsItIs()
    {
        var note = new uint[28];
        Assert.True(OneDnnProcessor.Assume(note));
        Assert.All(note, word => Assert.Equal(0u, word));
    }

    /// <summary>A note that reads otherwise is of another oneDNN, or right: it is not touched.</summary>
    [Theory]
    [InlineData(7, 32768u)]
    [InlineData(10, 1u)]
    [InlineData(17, 2u)]
    [InlineData(20, 1u)]
    [InlineData(27, 2u)]
    [InlineData(27, 0u)]
    public void Assume_AnythingElse_ChangesNothing(int place, uint value)
    {
        var note = Note();
        note[place] = value;
        var before = note.ToArray();
        Assert.False(OneDnnProcessor.Assume(note));
        Assert.Equal(before, note);
    }

    /// <summary>Looked for on every machine: else it would be missed where it is needed.</summary>
    [Fact]
    public void Locate_TheNotesAccessor_IsInOurLibtorch()
    {
        if (!OperatingSystem.IsLinux() || !System.Runtime.Intrinsics.X86.X86Base.X64.IsSupported) return;
        Denormals.Flush();                                                                 // loads libtorch
        Assert.NotNull(OneDnnProcessor.Locate(OneDnnProcessor.Accessor));
        Assert.Null(OneDnnProcessor.Locate(OneDnnProcessor.Accessor + "_"));
    }

    /// <summary>The loader knows the exported ones as well.</summary>
    [Fact]
    public void Locate_AnExportedFunction_IsWhereTheLoaderSaysThatItIs()
    {
        if (!OperatingSystem.IsLinux()) return;
        Denormals.Flush();
        const string name = "_ZN2at13globalContextEv";
        Assert.Equal(NativeLibrary.GetExport(NativeLibrary.Load("libtorch_cpu.so"), name), OneDnnProcessor.Locate(name));
    }

    private static uint[] Note()
    {
        var note = new uint[28];
        note.AsSpan(0, 7).Fill(0x300200e);
        note.AsSpan(7, 3).Fill(1);
        note.AsSpan(17, 3).Fill(1);
        note[27] = 3;
        return note;
    }
}
