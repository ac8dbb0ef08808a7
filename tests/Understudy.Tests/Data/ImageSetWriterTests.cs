using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class ImageSetWriterTests
{
    private static ImageSet Set(string[] ids, string[]? parts = null) => new(new(["sad/..", "CON", "unused"]), new(1, 2, 2), ids,
        [.. ids.Select((_, i) => i % 2)], [.. Enumerable.Range(0, 4 * ids.Length).Select(i => (byte)(7 * i))], parts);

    private static void Write(string path, ImageSet set, bool overwrite = false, string? manifest = null) =>
        ImageSetWriter.Write(path, set, manifest, i => [("Source", $"image {i}")], ProgressSink.None, overwrite);

    [Theory]
    [InlineData("set")]
    [InlineData("set.zip")]
    public void Write_ThenRead_GivesTheSameSet_WhateverItsNames(string name)
    {
        using var folder = new TempFolder();
        var set = Set(["..", "train/x", "a:b", "nul.1", "100%", "é.", " blank "]);
        Write(folder[name], set);
        var read = Faces.Read(folder[name]);

        Assert.Equal(set.Ids.Order(StringComparer.Ordinal), read.Ids.Order(StringComparer.Ordinal));
        Assert.Equal(set.Classes, read.Classes);
        for (int i = 0; i < set.Count; i++)
        {
            var k = read.IndexOf(set.Ids[i]);
            Assert.Equal((set.Labels[i], Convert.ToHexString(set[i])), (read.Labels[k], Convert.ToHexString(read[k])));
        }
        Assert.Equal([name], Directory.EnumerateFileSystemEntries(folder.Path).Select(p => Path.GetFileName(p)!));
    }

    [Fact]
    public void Write_Parts_AreFoldersAroundTheClasses()
    {
        using var folder = new TempFolder();
        Write(folder["set"], Set(["1", "2", "3", "4"], ["train", "train", "test", "test"]));

        Assert.True(File.Exists(Path.Combine(folder["set"], "test", "%43ON", "4.png")));
        Assert.Equal(["train", "train", "test", "test"], Faces.Read(folder["set"]).Parts);
    }

    [Fact]
    public void Write_ZipTwice_GivesEqualBytes_AndTextsInEveryImage()
    {
        using var folder = new TempFolder();
        var set = Set(["1", "2", "3"]);
        Write(folder["a.zip"], set);
        Write(folder["b.zip"], set);
        Write(folder["c"], set, manifest: """{"classes":["sad/..","CON","unused"],"seed":7}""");

        Assert.Equal(File.ReadAllBytes(folder["a.zip"]), File.ReadAllBytes(folder["b.zip"]));
        Assert.Equal([("Source", "image 1")], PngText.Read(File.ReadAllBytes(Path.Combine(folder["c"], "%43ON", "2.png"))));
        Assert.Equal("file,id,label\nsad%2F.%2E/1.png,1,sad/..\n%43ON/2.png,2,CON\nsad%2F.%2E/3.png,3,sad/..\n",
            File.ReadAllText(Path.Combine(folder["c"], "labels.csv")));
        Assert.EndsWith("\"seed\":7}", File.ReadAllText(Path.Combine(folder["c"], "manifest.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set")]
    [InlineData("set.zip")]
    public void Write_WhereSomethingIs_AsksForOverwrite(string name)
    {
        using var folder = new TempFolder();
        Write(folder[name], Set(["1", "2"]));

        Assert.Contains("--overwrite", Assert.Throws<IOException>(() => Write(folder[name], Set(["3", "4"]))).Message,
            StringComparison.Ordinal);
        Assert.Equal(["1", "2"], Faces.Read(folder[name]).Ids);

        Write(folder[name], Set(["3", "4"]), overwrite: true);
        Assert.Equal(["3", "4"], Faces.Read(folder[name]).Ids);
    }

    [Fact]
    public void Write_OverAFolderThatIsNoSet_IsRefusedEvenWithOverwrite()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(Path.Combine(folder["mine"], "thesis.txt"), "years of work");

        Assert.Contains("it is not overwritten",
            Assert.Throws<IOException>(() => Write(folder["mine"], Set(["1"]), overwrite: true)).Message,
                StringComparison.Ordinal);
        Assert.Equal("years of work", File.ReadAllText(Path.Combine(folder["mine"], "thesis.txt")));
    }

    [Theory]
    [InlineData("set")]
    [InlineData("set.zip")]
    public void Write_ThatDiesHalfway_LeavesWhatWasThere(string name)
    {
        using var folder = new TempFolder();
        Write(folder[name], Set(["1", "2"]));
        var many = Set([.. Enumerable.Range(0, 600).Select(i => $"n{i}")]);

        Assert.ThrowsAny<Exception>(() => ImageSetWriter.Write(folder[name], many, null,
            i => i == 550 ? throw new InvalidOperationException("killed") : [], ProgressSink.None, overwrite: true));
        Assert.Equal(["1", "2"], Faces.Read(folder[name]).Ids);

        Write(folder[name], many, overwrite: true);
        Assert.Equal(600, Faces.Read(folder[name]).Count);
    }

    [Fact]
    public void Read_WrittenSetWithAFileMissing_NamesIt()
    {
        using var folder = new TempFolder();
        Write(folder["set"], Set(["1", "2", "3"]));
        File.Delete(Path.Combine(folder["set"], "%43ON", "2.png"));
        Assert.Contains("labels.csv lists %43ON/2.png, which is missing",
            Assert.Throws<InvalidDataException>(() => Faces.Read(folder["set"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WrittenSetWithAFileMoved_SaysThatFolderAndListDisagree()
    {
        using var folder = new TempFolder();
        Write(folder["set"], Set(["1", "2", "3"]));
        var list = Path.Combine(folder["set"], "labels.csv");
        File.WriteAllText(list, File.ReadAllText(list).Replace("2,CON", "2,unused", StringComparison.Ordinal));
        Assert.Contains("labels.csv says 'unused'", Assert.Throws<InvalidDataException>(() => Faces.Read(folder["set"])).Message,
            StringComparison.Ordinal);
    }
}
