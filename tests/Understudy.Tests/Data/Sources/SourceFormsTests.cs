using System.Globalization;
using System.Text;
using Parquet.Schema;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data.Sources;

/// <summary>One small FER2013 in every form that it comes in.</summary>
public sealed class SourceFormsTests
{
    private static readonly string[] CsvOrder = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"],
        Usages = ["Training", "Training", "PublicTest", "PrivateTest"];

    private static byte[] Pixels(int row)
    {
        // row 16, of PublicTest and fear, copies row 3, of Training and happy
        var r = new KeyedRandom((ulong)(row == 16 ? 3 : row), "forms");
        return [.. Enumerable.Range(0, 144).Select(_ => (byte)r.Next(256))];
    }

    private static int Emotion(int row) => row % 7;

    private static string Usage(int row) => Usages[row / 7 % 4];

    private static Dictionary<string, ImageSet> Forms(TempFolder folder)
    {
        int[] rows = [.. Enumerable.Range(0, 84)];
        var files = rows.ToDictionary(i =>
            $"{(Usage(i) == "Training" ? "train" : "test")}/{CsvOrder[Emotion(i)]}/{Usage(i)}_{i:00000000}.png",
                i => ImageCodec.EncodePng(Pixels(i), new(1, 12, 12)));
        Faces.WriteFolder(folder["set"], files);
        Faces.WriteZip(folder["set.zip"], files.Reverse());
        var csv = new StringBuilder("emotion,pixels,Usage\n");
        foreach (var i in rows)
            csv.AppendLine(CultureInfo.InvariantCulture, $"{Emotion(i)},{string.Join(' ', Pixels(i))},{Usage(i)}");
        File.WriteAllText(folder["fer2013.csv"], csv.ToString());
        var names = StrictJson.WriteLine(CsvOrder);
        var notes = new Dictionary<string, string>
        {
            ["huggingface"] =
            "{\"info\":{\"features\":{\"label\":{\"_type\":\"ClassLabel\",\"names\":" + names + "}}}}"
        };
        foreach (var part in rows.GroupBy(Usage))
        {
            DataField<long> label = new("label");
            Directory.CreateDirectory(folder["hf"]);
            File.WriteAllBytes(folder[$"hf/{part.Key}-00000-of-00001.parquet"],
                ParquetFiles.Write([.. part.Select(i => ImageCodec.EncodePng(Pixels(i), new(1, 12, 12)))],
                label, g => g.WriteAsync<long>(label, part.Select(i => (long)Emotion(i)).ToArray()), notes));
        }
        return new[] { "set", "set.zip", "fer2013.csv", "hf" }.ToDictionary(f => f, f => Faces.Read(folder[f]));
    }

    [Fact]
    public void Read_EveryForm_GivesTheSameClassesLabelsPartsAndPixels()
    {
        using var folder = new TempFolder();
        var forms = Forms(folder);
        foreach (var (form, set) in forms)
        {
            Assert.Equal(["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"], set.Classes);
            Assert.True(Content(forms["set"]).SequenceEqual(Content(set)), form);
        }
        // Where the form tells files' names, even ids and order are the same.
        Assert.Equal(forms["set"].Fingerprint, forms["set.zip"].Fingerprint);
        Assert.Equal(forms["set"].Fingerprint, forms["fer2013.csv"].Fingerprint);
    }

    [Fact]
    public void DescribeAndSplit_EveryForm_CountTheSame()
    {
        using var folder = new TempFolder();
        foreach (var set in Forms(folder).Values)
        {
            var found = Duplicates.Find(set);
            Assert.Equal((1, 1, 1),
                (found.CountAcross(set, "PublicTest", "train", exact: true), found.Redundant, found.Conflicts(set).Count));
            var split = Splitter.Make(set, new(Seed: 1, Generator: .8, Validation: .2, Test: 0), found.SplitGroups(set));
            Assert.Equal((35, 7, 42),
                (split.Indices(set, Role.Generator).Length, split.Indices(set, Role.Validation).Length,
                    split.Indices(set, Role.Test).Length));
        }
    }

    [Fact]
    public void Split_TestPartThatIsChosen_IsTheTest_AndTheOtherIsForValidation()
    {
        using var folder = new TempFolder();
        foreach (var set in Forms(folder).Values)
        {
            var split = Splitter.Make(set, new(Generator: 1, Validation: 0, Test: 0, TestPart: "PrivateTest"));
            Assert.All(Enumerable.Range(0, set.Count),
                i => Assert.Equal(
                    set.Parts![i] switch { "train" => Role.Generator, "PublicTest" => Role.Validation, _ => Role.Test },
                        split[set.Ids[i]]));
            Assert.Equal("test_part: the set has no test part 'train'; it has PrivateTest, PublicTest",
                Assert.Throws<OptionException>(() => Splitter.Make(set, new(TestPart: "train"))).Message);
        }
    }

    /// <summary>Part, class and pixels of every image, in an order that ids play no part in.</summary>
    private static IEnumerable<string> Content(ImageSet set) => Enumerable.Range(0, set.Count)
        .Select(i => $"{set.Parts![i]} {set.Labels[i]} {Convert.ToHexString(set[i])}").Order(StringComparer.Ordinal);
}
