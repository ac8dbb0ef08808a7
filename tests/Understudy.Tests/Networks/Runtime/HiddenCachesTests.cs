using Understudy.Networks.Ops;

namespace Understudy.Tests.Networks.Ops;

public sealed class HiddenCachesTests
{
    /// <summary>
    /// What CPUID answers: a Zen 5 behind a hypervisor that tells no caches; one that tells; one too old for the question.
    /// </summary>
    [Theory]
    [InlineData(0x80000021, 0, true)]
    [InlineData(0x80000021, 0x121, false)]
    [InlineData(0x8000001A, 0, false)]
    public void AreHidden_IsAQuestionWithoutAnAnswer(uint lastQuestion, int firstCache, bool hidden) =>
        Assert.Equal(hidden, HiddenCaches.AreHidden((int)lastQuestion, firstCache));

    [Fact]
    public void Forget_CachesOfAByte_LeavesNoLevels()
    {
        var note = Note();
        Assert.True(OneDnnProcessor.Forget(note));
        var expected = Note();
        expected[27] = 0;
        Assert.Equal(expected, note);
    }

    /// <summary>A note that reads otherwise is of another oneDNN, or right: it is not touched.</summary>
    [Theory]
    [InlineData(7, 32768u)]
    [InlineData(10, 1u)]
    [InlineData(27, 2u)]
    [InlineData(27, 0u)]
    public void Forget_AnythingElse_ChangesNothing(int place, uint value)
    {
        var note = Note();
        note[place] = value;
        var before = note.ToArray();
        Assert.False(OneDnnProcessor.Forget(note));
        Assert.Equal(before, note);
    }

    /// <summary>Looked for on every machine: else it would be missed where it is needed.</summary>
    [Fact]
    public void Find_TheNotesAccessor_IsInOurLibtorch()
    {
        var path = Directory.EnumerateFiles(AppContext.BaseDirectory, "libtorch_cpu.so", SearchOption.AllDirectories).FirstOrDefault();
        if (path is null) return;                                                   // not Linux
        Assert.NotNull(SymbolTable.Find(path, OneDnnProcessor.Accessor));
        Assert.Null(SymbolTable.Find(path, OneDnnProcessor.Accessor + "_"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh")]
    public void Find_NotALibrary_IsNothing(string text)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "file");
        File.WriteAllText(path, text);
        Assert.Null(SymbolTable.Find(path, "name"));
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
