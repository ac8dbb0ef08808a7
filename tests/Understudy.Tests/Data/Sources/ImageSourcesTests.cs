using System.Text;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class ImageSourcesTests
{
    private static readonly byte[] Png = Faces.Png(9);

    [Fact]
    public void Read_FolderAndZip_GiveTheSameSet()
    {
        using var folder = new TempFolder();
        Faces.WriteFolder(folder["set"], Faces.Parts);
        Faces.WriteZip(folder["set.zip"], Faces.Parts.Reverse());
        ImageSet fromFolder = Faces.Read(folder["set"]), fromZip = Faces.Read(folder["set.zip"]);

        Assert.Equal(fromFolder.Fingerprint, fromZip.Fingerprint);
        Assert.Equal(["Training_1", "Training_2", "Training_3", "PublicTest_1", "PublicTest_2"], fromZip.Ids);
        Assert.Equal(["train", "train", "train", "PublicTest", "PublicTest"], fromZip.Parts);
        Assert.Equal([0, 0, 1, 0, 1], fromZip.Labels);
        Assert.Equal(["happy", "sad"], fromZip.Classes);
        Assert.Equal(Faces.Png(5), ImageCodec.EncodePng(fromZip[4], fromZip.Shape));
    }

    [Fact]
    public void Read_WrappedWithLitter_IsTheSameSet()
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["plain.zip"], Faces.Parts);
        Faces.WriteZip(folder["wrapped.zip"],
            Faces.Parts.ToDictionary(f => "fer/2013/" + f.Key, f => f.Value).Concat(new Dictionary<string, byte[]>
            {
                ["__MACOSX/fer/2013/train/happy/._Training_1.png"] = [1],
                ["fer/.DS_Store"] = [1],
                ["fer/2013/README.md"] = [1],
                ["fer/2013/train/happy/Thumbs.db"] = [1],
            }));

        Assert.Equal(Faces.Read(folder["plain.zip"]).Fingerprint, Faces.Read(folder["wrapped.zip"]).Fingerprint);
    }

    [Theory]
    [InlineData("Training", "Testing")]
    [InlineData("train", "validation")]
    [InlineData("valid", "test")]
    public void Read_PartsByOtherNames_AreKnown(string one, string other)
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"], new Dictionary<string, byte[]> { [$"{one}/x/1.png"] = Png, [$"{other}/x/2.png"] = Png });

        Assert.Superset(Faces.Read(folder["a.zip"]).Parts!.ToHashSet(), new HashSet<string> { "train", "val", "test" });
        Assert.Equal(2, Faces.Read(folder["a.zip"]).Parts!.Distinct().Count());
    }

    [Fact]
    public void Read_ManifestsClassOrder_IsTaken()
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"], new Dictionary<string, byte[]>
        {
            ["sad/1.png"] = Png,
            ["happy/2.png"] = Png,
            ["manifest.json"] = Encoding.UTF8.GetBytes("""{"classes":["sad","happy","none of these"],"seed":1}"""),
        });

        Assert.Equal(["sad", "happy", "none of these"], Faces.Read(folder["a.zip"]).Classes);
        Assert.Equal([0, 1], Faces.Read(folder["a.zip"]).Labels);
    }

    [Fact]
    public void Read_StemsThatRepeat_BecomePaths()
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"], new Dictionary<string, byte[]> { ["in/sad/1.png"] = Png, ["in/happy/1.png"] = Png });
        Faces.WriteZip(folder["b.zip"], new Dictionary<string, byte[]> { ["sad/1.png"] = Png, ["sad/1.jpg"] = Png });

        Assert.Equal(["happy/1", "sad/1"], Faces.Read(folder["a.zip"]).Ids);
        Assert.Equal(["sad/1.jpg", "sad/1.png"], Faces.Read(folder["b.zip"]).Ids);
    }

    [Fact]
    public void Read_NamesOutsideAscii_AreKept()
    {
        using var folder = new TempFolder();
        Faces.WriteFolder(folder["a"], new Dictionary<string, byte[]> { ["glücklich/été 1.png"] = Png, ["悲しい/二.png"] = Png });
        Faces.WriteZip(folder["a.zip"], new Dictionary<string, byte[]> { ["glücklich/été 1.png"] = Png, ["悲しい/二.png"] = Png });

        Assert.Equal(["glücklich", "悲しい"], Faces.Read(folder["a"]).Classes);
        Assert.Equal(Faces.Read(folder["a"]).Fingerprint, Faces.Read(folder["a.zip"]).Fingerprint);
    }

    public static TheoryData<string, string[]> Layouts => new()
    {
        { "holds no image (.png, .jpg, .jpeg, .bmp, .webp, .gif); expected <class>/x.png, or train/<class>/x.png and test/<class>/x.png; it holds 1 other files, such as a/x.npy", ["a/x.npy"] },
        { "1.png lies in no class folder; expected <class>/x.png, or train/<class>/x.png and test/<class>/x.png",
            ["1.png", "2.png"] },
        { "test/1.png lies in a part but in no class folder; expected <class>/x.png, or train/<class>/x.png and test/<class>/x.png", ["train/1.png", "test/1.png"] },
        { "a/deep/1.png does not fit the layout of the others, such as b/2.png; expected <class>/x.png, or train/<class>/x.png and test/<class>/x.png", ["a/deep/1.png", "b/2.png"] },
        { "extra/c/1.png does not fit the layout of the others, such as train/a/2.png; expected <class>/x.png, or train/<class>/x.png and test/<class>/x.png", ["extra/c/1.png", "train/a/2.png"] },
        { "test holds 1 of 2 classes; missing: sad. Every part needs the same classes under the same names",
            ["train/happy/1.png", "train/sad/2.png", "test/happy/3.png"] },
        { "test holds 1 of 2 classes; missing: happy. Every part needs the same classes under the same names",
            ["train/happy/1.png", "test/Happy/3.png"] },
        { "the class folder sad holds no image; fill it, remove it, or say --skip-bad to do without",
            ["happy/1.png", "sad/notes.txt"] },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Read_LayoutThatIsNotUnderstood_NamesTheFirstPath(string message, string[] paths) =>
        Assert.Equal(message, Faces.Refusal(paths.Select(p => KeyValuePair.Create(p, Png))));

    [Fact]
    public void Read_ManifestWithoutAFoldersClass_NamesIt() =>
        Assert.Contains("there is a folder 'happy'", Faces.Refusal(new Dictionary<string, byte[]>
        {
            ["sad/1.png"] = Png,
            ["happy/2.png"] = Png,
            ["manifest.json"] = Encoding.UTF8.GetBytes("""{"classes":["sad"]}"""),
        }), StringComparison.Ordinal);

    [Fact]
    public void Read_SizesThatDiffer_NamesTwoFilesAndTheCure() => Assert.Equal(
        "a/1.png is 6×6 and a/2.png is 9×7; say --size N, with --crop center or --crop pad where they are not square",
        Faces.Refusal(new Dictionary<string, byte[]> { ["a/1.png"] = Png, ["a/2.png"] = Faces.Png(1, 7, width: 9) }));

    [Fact]
    public void Read_GreyAndColour_NamesTwoFilesAndTheCure() => Assert.Equal(
        "a/1.png is grey and a/2.png is in colour; say --channels 1 or --channels 3",
        Faces.Refusal(new Dictionary<string, byte[]> { ["a/1.png"] = Png, ["a/2.png"] = Faces.Png(1, channels: 3) }));

    [Fact]
    public void Read_OtherRatioWithoutCrop_IsRefused() => Assert.Equal(
        "a/1.png is 9×7, and 6×6 would squeeze it; say --crop center or --crop pad",
        Faces.Refusal(new Dictionary<string, byte[]> { ["a/1.png"] = Faces.Png(1, 7, width: 9) }, ImageReading.Square(6)));

    [Fact]
    public void Read_CropCenterAndPad_CutAndFillEvenly()
    {
        using var folder = new TempFolder();
        byte[] wide = [1, 2, 3, 4, 5, 6, 7, 8];
        Faces.WriteZip(folder["a.zip"],
            new Dictionary<string, byte[]> { ["a/1.png"] = ImageCodec.EncodePng(wide, new(1, 2, 4)) });

        Assert.Equal([2, 3, 6, 7], Faces.Read(folder["a.zip"], ImageReading.Square(2, crop: Crop.Center)).Pixels.ToArray());
        Assert.Equal([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0],
            Faces.Read(folder["a.zip"], ImageReading.Square(4, crop: Crop.Pad)).Pixels.ToArray());
    }

    [Fact]
    public void Read_SizeAndChannels_ApplyToSafetensorsToo()
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"], Faces.Parts);
        ImageSetFile.Save(folder["a.safetensors"], Faces.Read(folder["a.zip"]));
        var options = ImageReading.Square(4, channels: 3);

        Assert.Equal(Faces.Read(folder["a.zip"], options).Fingerprint, Faces.Read(folder["a.safetensors"], options).Fingerprint);
        Assert.Equal(new(3, 4, 4), Faces.Read(folder["a.zip"], options).Shape);
    }

    [Fact]
    public void Read_BadImages_EndItOrAreListedAndSkipped()
    {
        using var folder = new TempFolder();
        var files = Faces.Parts.Append(new("train/happy/cut.png", Png[..40]))
            .Append(new("train/sad/text.png", "no image"u8.ToArray())).Append(new("test/sad/zero.png", []));
        Faces.WriteFolder(folder["set"], files);

        Assert.Equal($"{folder["set"]}: train/happy/cut.png is truncated or damaged; replace it, delete it, or say --skip-bad",
            Assert.Throws<InvalidDataException>(() => Faces.Read(folder["set"])).Message);

        var set = ImageSources.Read(folder["set"], new(SkipBad: true), ProgressSink.None, out var skipped);
        Assert.Equal(["train/happy/cut.png", "train/sad/text.png", "test/sad/zero.png"], skipped.Select(s => s.Path));
        Faces.WriteZip(folder["good.zip"], Faces.Parts);
        Assert.Equal(Faces.Read(folder["good.zip"]).Fingerprint, set.Fingerprint);
    }

    [Fact]
    public void Read_NothingReadable_SaysSoEvenUnderSkipBad() =>
        Assert.StartsWith("none of 1 images can be read; the first: a/1.png is empty",
        Faces.Refusal(new Dictionary<string, byte[]> { ["a/1.png"] = [] }, new(SkipBad: true)), StringComparison.Ordinal);

    [Fact]
    public void Read_NothingThere_IsNotFound() =>
        Assert.Contains("there is no such folder or file",
            Assert.Throws<FileNotFoundException>(() => Faces.Read("/nowhere/faces")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_OneOfHeightAndWidth_IsTheCallersMistake() =>
        Assert.Throws<OptionException>(() => Faces.Read("x", new(Height: 4)));
}
