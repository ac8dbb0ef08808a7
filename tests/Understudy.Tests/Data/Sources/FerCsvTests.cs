using System.Globalization;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class FerCsvTests
{
    private static readonly string[] CsvOrder = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];
    private static readonly string[] Usages = ["Training", "PublicTest", "PrivateTest"];

    private static byte[] Pixels(int row)
    {
        var r = new KeyedRandom((ulong)row, "csv");
        return [.. Enumerable.Range(0, 9).Select(_ => (byte)r.Next(256))];
    }

    private static string Row(int row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row % 7},{string.Join(' ', Pixels(row))},{Usages[row / 7 % 3]}");

    private static ImageSet Read(string text, bool skipBad = false)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["fer2013.csv"], text);
        return Faces.Read(folder["fer2013.csv"], new(SkipBad: skipBad));
    }

    private static string Whole(IEnumerable<string> rows) => "emotion,pixels,Usage\n" + string.Join('\n', rows) + "\n";

    [Fact]
    public void Read_CsvAndFolderOfTheSameImages_AreTheSameSet()
    {
        using var folder = new TempFolder();
        var rows = Enumerable.Range(0, 42).ToList();
        Faces.WriteFolder(folder["set"], rows.Select(i => KeyValuePair.Create(
            $"{(i / 7 % 3 == 0 ? "train" : "test")}/{CsvOrder[i % 7]}/{Usages[i / 7 % 3]}_{i:00000000}.png",
                ImageCodec.EncodePng(Pixels(i), new(1, 3, 3)))));

        var fromCsv = Read(Whole(rows.Select(Row)));
        var fromFolder = Faces.Read(folder["set"]);

        Assert.Equal(["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"], fromCsv.Classes);
        Assert.Equal(fromFolder.Fingerprint, fromCsv.Fingerprint);
        Assert.Equal(fromFolder.Parts, fromCsv.Parts);
    }

    [Fact]
    public void Read_LabelSix_IsNeutralAndFourIsSad()
    {
        var set = Read(Whole(["6,1,Training", "4,2,Training"]));
        Assert.Equal("neutral", set.Classes[set.Labels[set.IndexOf("Training_00000000")]]);
        Assert.Equal("sad", set.Classes[set.Labels[set.IndexOf("Training_00000001")]]);
    }

    [Fact]
    public void Read_OtherColumnOrderAndLineEnds_IsTheSameSet() =>
        Assert.Equal(Read(Whole(["3,1 2 3 4,PublicTest"])).Fingerprint,
            Read("emotion, Usage, pixels\r\n3,PublicTest,1 2 3 4\r\n").Fingerprint);

    [Theory]
    [InlineData("7,1 2 3 4,Training", "emotion '7' is not 0 to 6")]
    [InlineData("-1,1 2 3 4,Training", "emotion '-1' is not 0 to 6")]
    [InlineData("0,1 2 3,Training", "3 pixels are no square")]
    [InlineData("0,1 2 3 256,Training", "pixel '256' is not 0 to 255")]
    [InlineData("0,1 2 3 x,Training", "pixel 'x' is not 0 to 255")]
    [InlineData("0,,Training", "0 pixels are no square")]
    [InlineData("0,1 2 3 4,Train", "Usage 'Train' is not known")]
    [InlineData("0,1 2 3 4", "has 2 fields of 3: the file is truncated")]
    public void Read_BadRow_NamesTheLineOrIsSkipped(string row, string message)
    {
        var e = Assert.Throws<InvalidDataException>(() => Read(Whole(["1,1 2 3 4,Training", row])));
        Assert.Contains("fer2013.csv:3: " + message, e.Message, StringComparison.Ordinal);
        Assert.Equal(1, Read(Whole(["1,1 2 3 4,Training", row]), skipBad: true).Count);
    }

    [Fact]
    public void Read_OtherCsv_SaysWhichColumnsAreNeeded() =>
        Assert.Contains("needs emotion, pixels and Usage",
            Assert.Throws<InvalidDataException>(() => Read("id,label\n1,2\n")).Message, StringComparison.Ordinal);
}
