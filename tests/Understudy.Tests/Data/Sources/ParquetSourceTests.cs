using Parquet.Schema;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data.Sources;

public sealed class ParquetSourceTests
{
    private static readonly string[] ThreeNames = ["sad", "happy", "angry"];

    [Theory]
    [InlineData("struct.parquet")]
    [InlineData("struct-gzip.parquet")]
    [InlineData("struct-zstd.parquet")]
    public void Read_FileOfArrow_IsTheFolderOfTheSameImages(string name)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder[name], ParquetFiles.OfArrow(name));
        Faces.WriteFolder(folder["set"], ParquetFiles.AsFolder);
        ImageSet parquet = Faces.Read(folder[name]), files = Faces.Read(folder["set"]);

        Assert.Equal(["angry", "happy", "sad"], parquet.Classes);
        Assert.Equal("sad", parquet.Classes[parquet.Labels[parquet.IndexOf("face_00")]]);
        Assert.Equal(files.Fingerprint, parquet.Fingerprint);
        Assert.Null(parquet.Parts);
    }

    [Fact]
    public void Read_PlainBytesAndLabelsInWords_AreTheSameImagesUnderRowNumbers()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["faces.parquet"], ParquetFiles.OfArrow("binary.parquet"));
        Faces.WriteFolder(folder["set"], ParquetFiles.AsFolder);
        ImageSet parquet = Faces.Read(folder["faces.parquet"]), files = Faces.Read(folder["set"]);

        Assert.Equal(["faces_00000002", "faces_00000005"], parquet.Ids.Take(2));
        Assert.Equal((files.Classes, files.Labels, files.Pixels.ToArray()),
            (parquet.Classes, parquet.Labels, parquet.Pixels.ToArray()),
            (a, b) => a.Classes.Equals(b.Classes) && a.Labels.SequenceEqual(b.Labels) && a.Item3.SequenceEqual(b.Item3));
    }

    [Theory]
    [InlineData("data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet", "data/test-00000-of-00001.parquet")]
    [InlineData("train/0000.parquet", "train/0001.parquet", "test/0000.parquet")]
    public void Read_FolderOfParts_TakesThemFromTheNames(string one, string two, string three)
    {
        using var folder = new TempFolder();
        foreach (var name in (string[])[one, two, three])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllBytes(folder[name], ParquetFiles.OfArrow("struct.parquet"));
        }
        var set = Faces.Read(folder.Path);

        Assert.Equal((24, 12), (set.Parts!.Count(p => p == "train"), set.Parts!.Count(p => p == "test")));
        // The files' own names stand three times: row numbers take their place.
        Assert.Equal("train_00000002", set.Ids[0]);
        Assert.Equal(ParquetFiles.Png(2), ImageCodec.EncodePng(set[set.IndexOf("train_00000014")], set.Shape));
        Assert.Equal(ParquetFiles.Png(11), ImageCodec.EncodePng(set[set.IndexOf("test_00000011")], set.Shape));
    }

    [Fact]
    public void Read_FilesWithoutAPart_CountTheirRowsOn_SkippedOnesToo()
    {
        using var folder = new TempFolder();
        DataField<long> label = new("label", true);
        foreach (var name in (string[])["a.parquet", "b.parquet"])
            File.WriteAllBytes(folder[name],
                ParquetFiles.Write([ParquetFiles.Png(0), ParquetFiles.Png(1), ParquetFiles.Png(2)], label,
                    g => g.WriteAsync<long>(label, (long?[])[null, 4, 4])));
        Assert.Equal(["a_00000001", "a_00000002", "a_00000004", "a_00000005"], Faces.Read(folder.Path, new(SkipBad: true)).Ids);
    }

    [Fact]
    public void Read_FolderOfImagesWithAParquetFileInIt_IsTheFolderOfImages()
    {
        using var folder = new TempFolder();
        Faces.WriteFolder(folder.Path, ParquetFiles.AsFolder);
        File.WriteAllBytes(folder["index.parquet"], ParquetFiles.OfArrow("binary.parquet"));
        Assert.Equal("face_02", Faces.Read(folder.Path).Ids[0]);
    }

    [Fact]
    public void Read_FilesOfWhichSomeTellNoPart_AreRefused()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["train-0.parquet"], ParquetFiles.OfArrow("struct.parquet"));
        File.WriteAllBytes(folder["more.parquet"], ParquetFiles.OfArrow("struct.parquet"));
        Assert.Contains("more.parquet tells no part", Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ColumnThatIsAskedFor_GoesBeforeTheNote()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["a.parquet"], ParquetFiles.OfArrow("struct.parquet"));

        Assert.Equal(["7"], Faces.Read(folder["a.parquet"], new(LabelColumn: "label")).Classes);
        Assert.Equal(
            $"{folder["a.parquet"]}: has no label column 'anger'; what could be one: [mood, label]; name it with --label-column",
                Refusal(folder["a.parquet"], new(LabelColumn: "anger")));
        Assert.Equal(
            $"{folder["a.parquet"]}: has no image column 'label'; what could be one: [picture]; name it with --image-column",
                Refusal(folder["a.parquet"], new(ImageColumn: "label")));
        Faces.WriteZip(folder["a.zip"], Faces.Parts);
        Assert.Contains("is no Parquet set",
            Assert.Throws<OptionException>(() => Faces.Read(folder["a.zip"], new(LabelColumn: "x"))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ColumnsThatAreNotPlain_AreAskedFor()
    {
        using var folder = new TempFolder();
        DataField<string> label = new("person");
        File.WriteAllBytes(folder["a.parquet"],
            ParquetFiles.Write([ParquetFiles.Png(1)], label, g => g.WriteAsync(label, (string[])["x"]), image: "face"));

        Assert.EndsWith("has no column that is plainly the label; what could be one: [person]; name it with --label-column",
            Refusal(folder["a.parquet"]), StringComparison.Ordinal);
        Assert.Equal(["x"], Faces.Read(folder["a.parquet"], new(LabelColumn: "person")).Classes);
    }

    [Fact]
    public void Read_RowsWithoutLabelOrImage_AreNamedOrSkipped()
    {
        using var folder = new TempFolder();
        DataField<long> label = new("label", true);
        var notes = new Dictionary<string, string>
        {
            ["huggingface"] =
            """{"info":{"features":{"label":{"_type":"ClassLabel","names":["sad","happy"]}}}}"""
        };
        byte[]?[] images = [ParquetFiles.Png(0), ParquetFiles.Png(1), ParquetFiles.Png(2), null, [1, 2, 3]];
        File.WriteAllBytes(folder["a.parquet"],
            ParquetFiles.Write(images, label, g => g.WriteAsync<long>(label, (long?[])[1, -1, null, 0, 0]), notes));

        Assert.Equal($"{folder["a.parquet"]}: row 1 has the label '-1', which names no class; mend it, or say --skip-bad",
            Refusal(folder["a.parquet"]));
        var set = ImageSources.Read(folder["a.parquet"], new(SkipBad: true), ProgressSink.None, out var skipped);
        Assert.Equal(["happy", "sad"], set.Classes);
        Assert.Equal([0], set.Labels);
        Assert.Equal(["row 1", "row 2", "row 3", "row 4"], skipped.Select(s => s.Path));
        Assert.Contains("embedded", skipped[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NumbersWithoutNames_AreClassesInTheOrderOfNumbers()
    {
        using var folder = new TempFolder();
        DataField<int> label = new("label");
        File.WriteAllBytes(folder["a.parquet"],
            ParquetFiles.Write([.. Enumerable.Range(0, 3).Select(ParquetFiles.Png)], label,
                g => g.WriteAsync<int>(label, (int[])[10, 2, 1])));
        Assert.Equal(["1", "2", "10"], Faces.Read(folder["a.parquet"]).Classes);
    }

    [Theory]
    [InlineData(0, "is no Parquet file: it is too short")]
    [InlineData(100, "is truncated or damaged; copy it again")]
    [InlineData(-1, "is truncated or damaged; copy it again")]
    public void Read_CutFile_NamesItAndTheCure(int length, string message)
    {
        using var folder = new TempFolder();
        var whole = ParquetFiles.OfArrow("struct.parquet");
        File.WriteAllBytes(folder["a.parquet"], whole[..(length < 0 ? whole.Length + length : length)]);
        Assert.Equal($"{folder["a.parquet"]}: {message}", Refusal(folder["a.parquet"]));
    }

    [Fact]
    public void Read_FileOfAnotherKind_SaysSo()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.parquet"], "emotion,pixels,Usage");
        Assert.Equal($"{folder["a.parquet"]}: is no Parquet file", Refusal(folder["a.parquet"]));
        var whole = ParquetFiles.OfArrow("struct.parquet");
        whole[^1] = (byte)'E';
        File.WriteAllBytes(folder["a.parquet"], whole);
        Assert.Contains("is encrypted", Refusal(folder["a.parquet"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PartsWithOtherClasses_AreRefused()
    {
        using var folder = new TempFolder();
        DataField<string> label = new("label");
        File.WriteAllBytes(folder["train.parquet"],
            ParquetFiles.Write([ParquetFiles.Png(0), ParquetFiles.Png(1), ParquetFiles.Png(2)], label,
                g => g.WriteAsync(label, ThreeNames)));
        File.WriteAllBytes(folder["test.parquet"],
            ParquetFiles.Write([ParquetFiles.Png(3)], label, g => g.WriteAsync(label, (string[])["sad"])));
        Assert.Contains("test holds 1 of 3 classes; missing: angry, happy", Refusal(folder.Path), StringComparison.Ordinal);
    }

    private static string Refusal(string path, ImageReading? options = null) =>
        Assert.Throws<InvalidDataException>(() => Faces.Read(path, options)).Message;
}
