using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data.Sources;

/// <summary>Paths that may not be read. Where tests run as root, for whom there are none, one thread acts as nobody.</summary>
[SupportedOSPlatform("linux")]
public sealed class UnreadableTests
{
    private const uint Nobody = 65534;

    [Fact]
    public void Read_FolderThatMayNotBeListed_IsNamedOrSkipped() => WithLocked("set/sad", (path, options) =>
    {
        var message = Assert.Throws<InvalidDataException>(() => Faces.Read(path)).Message;
        Assert.StartsWith($"{path}: sad cannot be listed (Access to the path", message, StringComparison.Ordinal);
        Assert.EndsWith("allow yourself to read it, or say --skip-bad", message, StringComparison.Ordinal);

        Assert.Equal(["happy"],
            ImageSources.Read(path, options with { SkipBad = true }, ProgressSink.None, out var skipped).Classes);
        Assert.Equal("sad", Assert.Single(skipped).Path);
    });

    [Fact]
    public void Read_LinkToNowhere_IsNamedOrSkipped()
    {
        using var folder = new TempFolder();
        Faces.WriteFolder(folder["set"], new Dictionary<string, byte[]> { ["happy/1.png"] = Faces.Png(1) });
        File.CreateSymbolicLink(folder["set/happy/0.png"], folder["gone.png"]);
        var message = Assert.Throws<InvalidDataException>(() => Faces.Read(folder["set"])).Message;
        Assert.StartsWith($"{folder["set"]}: happy/0.png cannot be read (", message, StringComparison.Ordinal);
        Assert.Single(Faces.Read(folder["set"], new(SkipBad: true)).Ids);
    }

    [Fact]
    public void Read_FolderWhereAFileIsMeant_SaysSo()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["a.zip"]);
        Assert.Contains("a.zip: holds no image", Assert.Throws<InvalidDataException>(() => Faces.Read(folder["a.zip"])).Message,
            StringComparison.Ordinal);
    }

    private static void WithLocked(string locked, Action<string, ImageReading> check)
    {
        if (!OperatingSystem.IsLinux()) return;   // other systems have other rights
        using var folder = new TempFolder();
        Faces.WriteFolder(folder.Path,
            new Dictionary<string, byte[]> { ["set/happy/1.png"] = Faces.Png(1), ["set/sad/2.png"] = Faces.Png(2) });
        Assert.Equal(2, Faces.Read(folder["set"]).Count);   // loads what reading needs, as long as this process may
        var mode = File.GetUnixFileMode(folder[locked]);
        const UnixFileMode all = UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | all);
        File.SetUnixFileMode(folder[locked], UnixFileMode.None);
        Exception? failed = null;
        var thread = new Thread(() =>
        {
            // this thread's file accesses alone; for root it takes root's rights away, for others it does nothing
            _ = SetFileUser(Nobody);
            try { check(folder["set"], ImageReading.AsIs); }
            catch (Exception e) { failed = e; }
        });
        thread.Start();
        thread.Join();
        File.SetUnixFileMode(folder[locked], mode);
        if (failed is not null) throw failed;
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFileUser(uint user);
}
