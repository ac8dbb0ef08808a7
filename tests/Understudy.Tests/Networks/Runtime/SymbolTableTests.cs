using Understudy.Networks.Ops;

namespace Understudy.Tests.Networks.Ops;

public sealed class SymbolTableTests
{
    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh")]
    public void Find_NotALibrary_IsNothing(string text)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], text);
        Assert.Null(SymbolTable.Find(folder["file"], "name"));
    }

    /// <summary>A header whose table of sections would lie behind the file's end, or reach behind it.</summary>
    [Theory]
    [InlineData(1L << 40, 1)]
    [InlineData(-64L, 1)]
    [InlineData(64L, 60_000)]
    public void Find_SectionsOutsideTheFile_IsNothing(long sections, int count)
    {
        using var folder = new TempFolder();
        var bytes = new byte[256];
        byte[] magic = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1];
        magic.CopyTo(bytes, 0);
        BitConverter.TryWriteBytes(bytes.AsSpan(40), sections);
        BitConverter.TryWriteBytes(bytes.AsSpan(60), (ushort)count);
        File.WriteAllBytes(folder["file"], bytes);
        Assert.Null(SymbolTable.Find(folder["file"], "name"));
    }
}
