using Understudy.Common;

namespace Understudy.Tests.Common;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_WhileAnotherWritesTheSameFile_DisturbsNeither()
    {
        var file = _folder["x"];
        AtomicFile.Write(file, first =>
        {
            first.Write("first "u8);
            AtomicFile.WriteText(file, "second, whole");
            Assert.Equal("second, whole", File.ReadAllText(file));
            Assert.True(File.Exists(file + AtomicFile.PartialSuffix));
            first.Write("to the end"u8);
        });
        Assert.Equal("first to the end", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_ThatFails_DeletesItsOwnPartialAlone()
    {
        var file = _folder["x"];
        AtomicFile.Write(file, first =>
        {
            Assert.Throws<IOException>(() => AtomicFile.Write(file, _ => throw new IOException("no space left")));
            Assert.Equal([file + AtomicFile.PartialSuffix], Directory.GetFiles(_folder.Path));
            first.Write("whole"u8);
        });
        Assert.Equal("whole", File.ReadAllText(file));
    }

    [Fact]
    public void Write_OverAStalePartial_ReplacesIt()
    {
        File.WriteAllText(_folder["x.partial"], "half a file of a process that was killed");
        AtomicFile.WriteText(_folder["x"], "new");
        Assert.Equal("new", File.ReadAllText(_folder["x"]));
        Assert.Equal([_folder["x"]], Directory.GetFiles(_folder.Path));
    }
}
