using System.IO.Compression;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data.Sources;

public sealed class UnlabelledImagesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ImageSet Read(string name) => UnlabelledImages.Read(_folder[name], ImageReading.AsIs, ProgressSink.None, out _);

    [Fact]
    public void Read_HoweverTheyLie_AreInTheOrderOfTheirPaths()
    {
        using (var zip = ZipFile.Open(_folder["images.zip"], ZipArchiveMode.Create))
        {
            foreach (var name in (string[])["z.png", "b/x.PNG", "b/c/y.png", "notes.txt"])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_folder["images/" + name])!);
                File.WriteAllBytes(_folder["images/" + name], ParquetFiles.Png(name.Length));
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(ParquetFiles.Png(name.Length));
            }
        }
        var folder = Read("images");
        Assert.Equal(["b/c/y.png", "b/x.PNG", "z.png"], folder.Ids);
        Assert.Equal([UnlabelledImages.Class], folder.Classes);
        Assert.Equal([0, 0, 0], folder.Labels);
        Assert.Equal(folder.Fingerprint, Read("images.zip").Fingerprint);
        var one = Read("images/b/c/y.png");
        Assert.Equal(["y.png"], one.Ids);
        Assert.Equal(folder[0].ToArray(), one[0].ToArray());
    }

    [Fact]
    public void Read_ABadFile_EndsItOrIsListed()
    {
        Directory.CreateDirectory(_folder["images"]);
        File.WriteAllText(_folder["images/bad.png"], "no image");
        Assert.Contains("bad.png", Assert.Throws<InvalidDataException>(() => Read("images")).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_folder["images/good.png"], ParquetFiles.Png(1));
        var set = UnlabelledImages.Read(_folder["images"], new(SkipBad: true), ProgressSink.None, out var skipped);
        Assert.Equal(["good.png"], set.Ids);
        Assert.Equal(["bad.png"], skipped.Select(s => s.Path));

        var parts = new List<ImageSet>();
        skipped = UnlabelledImages.ReadInParts(_folder["images"], new(SkipBad: true), ProgressSink.None, new(parts.Add));
        Assert.Equal(set.Fingerprint, parts.Single().Fingerprint);
        Assert.Equal(["bad.png"], skipped.Select(s => s.Path));
    }

    [Fact]
    public void Read_NoImages_SaysWhatItLookedFor()
    {
        Directory.CreateDirectory(_folder["empty"]);
        File.WriteAllText(_folder["x.csv"], "a,b");
        var e = Assert.Throws<InvalidDataException>(() => Read("empty"));
        Assert.Contains("holds no image; endings looked for: .png", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<InvalidDataException>(() => Read("x.csv"));
        Assert.Contains("x.csv: is neither a folder, a zip nor an image (.png", e.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Read("nowhere"));
    }
}
