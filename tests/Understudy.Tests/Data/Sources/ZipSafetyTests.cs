using System.Text;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

/// <summary>Zips that are damaged or hostile: an error that names entry and cure, or a line in the list of the skipped.</summary>
public sealed class ZipSafetyTests
{
    private static Dictionary<string, byte[]> With(string name, byte[] bytes) =>
        new() { ["a/1.png"] = Faces.Png(1), [name] = bytes, ["a/2.png"] = Faces.Png(2) };

    [Theory]
    [InlineData("../outside.png")]
    [InlineData("a/../../outside.png")]
    [InlineData("/etc/outside.png")]
    [InlineData(@"..\outside.png")]
    [InlineData(@"C:\outside.png")]
    public void Read_EntryThatPointsOutside_IsRefusedOrSkipped(string name)
    {
        Assert.Equal($"{name} points outside the archive; make the zip anew with relative names, or say --skip-bad",
            Faces.Refusal(With(name, Faces.Png(3))));
        Assert.Equal(name, Assert.Single(Skipped(With(name, Faces.Png(3)))).Path);
    }

    [Fact]
    public void Read_WindowsSeparators_ArePaths()
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"],
            new Dictionary<string, byte[]> { [@"train\happy\1.png"] = Faces.Png(1), [@"test\happy\2.png"] = Faces.Png(2) });
        Assert.Equal(["train", "test"], Faces.Read(folder["a.zip"]).Parts);
    }

    [Fact]
    public void Read_EntryTwice_IsRefusedOrTakenOnce()
    {
        KeyValuePair<string, byte[]>[] files = [new("a/1.png", Faces.Png(1)), new("a/1.png", Faces.Png(2))];
        Assert.StartsWith("a/1.png stands twice in the zip", Faces.Refusal(files), StringComparison.Ordinal);
        Assert.Single(Skipped(files));
    }

    [Fact]
    public void Read_EntryThatUnpacksToVeryMuch_IsRefusedUnopened() =>
        Assert.Contains("which no image does", Faces.Refusal(With("a/bomb.png", new byte[20_000_000])), StringComparison.Ordinal);

    [Fact]
    public void Read_Password_IsNamed() => Assert.Equal(
        "a/1.png is protected by a password; unpack it and name the folder instead, or say --skip-bad",
        Patched(bytes => SetFlags(bytes, 1)));

    [Fact]
    public void Read_DeclaredSizeThatIsALie_IsNoticed()
    {
        var less = Patched(bytes => bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 24]--);
        var more = Patched(bytes => bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 24]++);
        Assert.Contains("a/1.png does not match its checksum", less, StringComparison.Ordinal);
        Assert.Contains("a/1.png cannot be unpacked", more, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WrongChecksum_IsNoticed() => Assert.Contains("a/1.png does not match its checksum", Patched(bytes =>
        bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 16] ^= 1), StringComparison.Ordinal);

    [Fact]
    public void Read_CutZip_SaysWhatItIsNot()
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"], Faces.Parts);
        File.WriteAllBytes(folder["cut.zip"], File.ReadAllBytes(folder["a.zip"])[..^40]);
        Assert.Contains("or the zip is truncated",
            Assert.Throws<InvalidDataException>(() => Faces.Read(folder["cut.zip"])).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<SkippedFile> Skipped(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"], files);
        ImageSources.Read(folder["a.zip"], new(SkipBad: true), ProgressSink.None, out var skipped);
        Assert.Equal(["a.zip"], Directory.EnumerateFileSystemEntries(folder.Path).Select(p => Path.GetFileName(p)!));
        return skipped;
    }

    /// <summary>The refusal of a zip of one image whose bytes were changed.</summary>
    private static string Patched(Action<byte[]> change)
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"], new Dictionary<string, byte[]> { ["a/1.png"] = Faces.Png(1) });
        var bytes = File.ReadAllBytes(folder["a.zip"]);
        change(bytes);
        File.WriteAllBytes(folder["a.zip"], bytes);
        return Assert.Throws<InvalidDataException>(() => Faces.Read(folder["a.zip"])).Message[(folder["a.zip"].Length + 2)..];
    }

    private static void SetFlags(byte[] zip, byte flag)
    {
        zip[6] |= flag;
        zip[zip.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= flag;
        Assert.Equal("PK", Encoding.ASCII.GetString(zip, 0, 2));
    }
}
