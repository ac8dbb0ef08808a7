using System.Diagnostics;
using Understudy.Common;

namespace Understudy.Tests.Common;

public sealed class AtomicFileTargetTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void WriteText_Link_StaysALinkAndItsFileIsWritten()
    {
        Directory.CreateDirectory(_temp["there"]);
        File.WriteAllText(_temp["there/real.csv"], "before");
        File.CreateSymbolicLink(_temp["middle.csv"], _temp["there/real.csv"]);
        File.CreateSymbolicLink(_temp["link.csv"], "middle.csv");

        AtomicFile.WriteText(_temp["link.csv"], "after");

        Assert.Equal("middle.csv", new FileInfo(_temp["link.csv"]).LinkTarget);
        Assert.Equal("after", File.ReadAllText(_temp["there/real.csv"]));
        Assert.Equal(["link.csv", "middle.csv", "there/real.csv"], Files());
    }

    [Fact]
    public void WriteText_Pipe_GetsTheBytesAndStaysAPipe()
    {
        if (!OperatingSystem.IsLinux()) return;
        using (var make = Process.Start("mkfifo", _temp["pipe"])) make.WaitForExit();
        using var reader = Process.Start(new ProcessStartInfo("cat", _temp["pipe"]) { RedirectStandardOutput = true })!;

        AtomicFile.WriteText(_temp["pipe"], "through");

        Assert.Equal("through", reader.StandardOutput.ReadToEnd());
        Assert.True(SpecialFile.Is(_temp["pipe"]));
        Assert.Equal(["pipe"], Files());
    }

    [Fact]
    public void IsSpecial_PipesAndDevicesAlone()
    {
        if (!OperatingSystem.IsLinux()) return;
        File.WriteAllText(_temp["empty"], "");
        File.CreateSymbolicLink(_temp["link"], "/dev/null");

        Assert.Equal([true, true, false, false, false],
            new[] { "/dev/null", _temp["link"], _temp["empty"], _temp.Path, _temp["nothing"] }.Select(SpecialFile.Is));
    }

    [Fact]
    public void Write_NoSpace_SaysWhatIsKeptOnlyWhereSomethingIs()
    {
        void Fail(Stream _) => throw new IOException($"No space left on device : '{_temp["a.csv.partial"]}'");
        string Told() => Assert.Throws<IOException>(() => AtomicFile.Write(_temp["a.csv"], Fail)).Message;

        Assert.Equal($"cannot write {_temp["a.csv"]}: No space left on device. "
            + "Free some space, or choose another place with --out or UNDERSTUDY_RUNS", Told());
        File.WriteAllText(_temp["a.csv"], "whole");
        Assert.Equal($"cannot write {_temp["a.csv"]}: No space left on device; the last whole version is kept. "
            + "Free some space, or choose another place with --out or UNDERSTUDY_RUNS", Told());
        Assert.Equal(["a.csv"], Files());
    }

    [Fact]
    public void Write_NoRight_SaysThat()
    {
        static void Fail(Stream _) => throw new UnauthorizedAccessException("Access to the path is denied.");

        Assert.Equal($"cannot write {_temp["a.csv"]}: permission denied. "
            + "Give yourself the right to write there, or choose another place with --out or UNDERSTUDY_RUNS",
            Assert.Throws<IOException>(() => AtomicFile.Write(_temp["a.csv"], Fail)).Message);
    }

    [Fact]
    public void Write_WhereAFolderIsOrUnderAFile_NamesThem()
    {
        var (file, below) = (_temp["file"], _temp["file/a/b"]);
        File.WriteAllText(file, "");
        static string Told(string path) => Assert.Throws<IOException>(() => AtomicFile.WriteText(path, "")).Message;

        Assert.Equal($"cannot write {_temp.Path}: it is a folder; name a file", Told(_temp.Path));
        Assert.Equal($"cannot write {below}: {file} is a file, not a folder; choose another place", Told(below));
        Assert.Equal(["file"], Files());
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_temp.Path, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(_temp.Path, f)).Order(StringComparer.Ordinal);
}
