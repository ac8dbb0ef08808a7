using Understudy.Common;
using Understudy.Data;
using Understudy.Synthesis;

namespace Understudy.Tests.Data;

public sealed class ExistingSetTests
{
    private const string Synthetic = $$"""{"format":"{{Manifest.CurrentFormat}}","classes":["a","b"]}""";

    private static ImageSet Set(params string[] classes) => new(new(classes), new(1, 2, 2), ["1", "2"], [0, 1], new byte[8]);

    private static void Write(string path, string? manifest, bool overwrite = true) =>
        ImageSetWriter.Write(path, Set("a", "b"), manifest, null, ProgressSink.None, overwrite);

    [Theory]
    [InlineData("set")]
    [InlineData("set.zip")]
    public void Write_SyntheticOverReal_IsRefused(string name)
    {
        using var folder = new TempFolder();
        Write(folder[name], null);
        Assert.Equal($"{folder[name]} holds images that are not marked synthetic; "
            + "they are not overwritten by synthetic ones: name another place",
            Assert.Throws<IOException>(() => Write(folder[name], Synthetic)).Message);

        Write(folder[name], """{"classes":["a","b"],"again":1}""");
        Write(folder["x" + name], Synthetic);
        Write(folder["x" + name], Synthetic);
    }

    /// <summary>A split lies well beside its images; with them it would be gone.</summary>
    [Fact]
    public void Write_OverAFolderWithAFileOfSomebodys_IsRefused()
    {
        using var folder = new TempFolder();
        Write(folder["set"], null);
        File.WriteAllText(folder["set/.DS_Store"], "");
        Write(folder["set"], null);
        File.WriteAllText(folder["set/split.csv"], "mine");
        Assert.Equal($"{folder["set"]} holds split.csv, which is no part of the set there and would go with it; move it, or name "
            + "another place", Assert.Throws<IOException>(() => Write(folder["set"], null)).Message);
        Assert.Equal("mine", File.ReadAllText(folder["set/split.csv"]));
    }

    /// <summary>As a spreadsheet writes it ("CSV UTF-8").</summary>
    [Fact]
    public void Read_LabelsWithAByteOrderMark_AreTheSame()
    {
        using var folder = new TempFolder();
        ImageSetWriter.Write(folder["set"], Set("a/b", "c"), null, null, ProgressSink.None, overwrite: false);
        var labels = folder["set/labels.csv"];
        File.WriteAllText(labels, '\uFEFF' + File.ReadAllText(labels));
        var read = ImageSources.Read(folder["set"], ImageReading.AsIs, ProgressSink.None, out _);
        Assert.Equal(["1", "2"], read.Ids);
        Assert.Equal(["a/b", "c"], read.Classes);
    }

    [Fact]
    public void Write_OverAZipThatIsNoSet_IsRefused()
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["photos.zip"], Faces.Parts);
        var before = File.ReadAllBytes(folder["photos.zip"]);

        var e = Assert.Throws<IOException>(() => Write(folder["photos.zip"], null));
        Assert.Contains("it is not overwritten: name another place", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder["photos.zip"]));
    }

    [Fact]
    public void RequireReplaceable_SetInOneFile_LooksIntoIt()
    {
        using var folder = new TempFolder();
        ImageSetFile.Save(folder["real.safetensors"], Set("a", "b"));
        var notes = new Dictionary<string, string> { ["manifest"] = Synthetic };
        ImageSetFile.Save(folder["drawn.safetensors"], Set("a", "b"), notes);
        SafetensorsFile.Write(folder["net.safetensors"], new Dictionary<string, string>(), []);
        string? Refusal(string name, bool synthetic) =>
            Record.Exception(() => ExistingSet.RequireReplaceable(folder[name], overwrite: true, synthetic))?.Message;

        Assert.Contains("not marked synthetic", Refusal("real.safetensors", true), StringComparison.Ordinal);
        Assert.Contains("other files than an image set", Refusal("net.safetensors", false), StringComparison.Ordinal);
        Assert.Null(Refusal("real.safetensors", false));
        Assert.Null(Refusal("drawn.safetensors", true));
        Assert.Null(Refusal("new.safetensors", true));
    }

    [Theory]
    [InlineData("set.tar", false)]
    [InlineData("set.csv", false)]
    [InlineData("set.tar/", true)]
    [InlineData("set.2", true)]
    [InlineData("set", true)]
    public void Write_OtherEnding_IsAFolderOnlyWhereItSaysSo(string name, bool allowed)
    {
        using var folder = new TempFolder();
        var e = Record.Exception(() => Write(folder[name], null));
        Assert.Equal(allowed, e is null);
        if (!allowed) Assert.IsType<OptionException>(e);
    }

    [Fact]
    public void Write_FolderThatFails_LeavesNothing()
    {
        using var folder = new TempFolder();
        // A name longer than file systems take: the second image fails.
        var set = new ImageSet(new(["a", "b"]), new(1, 2, 2), ["1", new string('x', 300)], [0, 1], new byte[8]);

        var e = Assert.Throws<IOException>(() => ImageSetWriter.Write(folder["t"], set, null, null, ProgressSink.None));

        Assert.Contains("; nothing was changed there. Free some space", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    /// <summary>Names of classes from elsewhere, such as gan import takes: they never lead out of the set.</summary>
    [Theory]
    [InlineData("set")]
    [InlineData("set.zip")]
    public void Write_ClassesNamedLikePaths_StayInsideAndAreReadBack(string name)
    {
        using var folder = new TempFolder();
        ImageSetWriter.Write(folder[$"in/{name}"], Set("../../evil", "b/\"<x>"), null, null, ProgressSink.None);

        Assert.Equal(["../../evil", "b/\"<x>"], Faces.Read(folder[$"in/{name}"]).Classes);
        Assert.Equal(["in"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
        Assert.Equal([name], Directory.EnumerateFileSystemEntries(folder["in"]).Select(Path.GetFileName));
    }
}
