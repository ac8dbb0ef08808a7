using System.Text.Json;
using Understudy.Data;
using Understudy.Tests.Data;

namespace Understudy.Tests.Cli;

public sealed class DataVerbTests
{
    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(args);

    private static ImageSet Two => new(new(["happy", "sad"]), new(1, 1, 3), ["a", "b", "c", "d", "e"], [0, 1, 1, 0, 1],
        [0, 50, 0, 0, 50, 0, 9, 1, 200, 0, 50, 0, 7, 7, 7], ["train", "train", "train", "test", "test"]);

    [Fact]
    public void Describe_SetWithFaults_TellsThem()
    {
        using var folder = new TempFolder();
        ImageSetFile.Save(folder["a.safetensors"], Two);
        var (code, output, error) = Run("data", "describe", folder["a.safetensors"]);

        Assert.Equal((0, ""), (code, error));
        Assert.Equal($"""
            {folder["a.safetensors"]}: 5 images, 3×1 grey, fingerprint {Two.Fingerprint[..12]}

            class     train      test     share
            happy         1         1    40.0 %
            sad           2         1    60.0 %
            all           3         2

            Blank images (one level all over): 1, such as e

            Copies                                                  exact      exact or near
              train: images with a copy in the same part        2  66.7 %          2  66.7 %
              train: images with a copy in test                 2  66.7 %          2  66.7 %
              test: images with a copy in train                 1  50.0 %          1  50.0 %
              Near: correlation of 0.95 or more at 16×16 pixels, mirrored or not.
              1 group of copies, the largest of 3 images; 2 images could go without losing a picture.

            Conflicting labels: 1 picture under more than one class; 0 pairs of near copies of different classes
              a (happy), b (sad), d (happy)

            """.ReplaceLineEndings("\n"), output);
    }

    [Fact]
    public void Describe_Json_HoldsTheSameNumbers()
    {
        using var folder = new TempFolder();
        ImageSetFile.Save(folder["a.safetensors"], Two);
        using var json = JsonDocument.Parse(Run("data", "describe", folder["a.safetensors"], "--json").Output);
        var root = json.RootElement;

        Assert.Equal((5, "happy"), (root.GetProperty("images").GetInt32(), root.GetProperty("classes")[0].GetString()));
        Assert.Equal(.5, root.GetProperty("duplicates").GetProperty("copies")[2].GetProperty("exact_share").GetDouble());
        Assert.Equal(JsonValueKind.Null,
            JsonDocument.Parse(
                Run("data", "describe", folder["a.safetensors"], "--json", "--no-duplicates").Output).RootElement.GetProperty(
                    "duplicates").ValueKind);
    }

    [Fact]
    public void Describe_ImagesOfSeveralSizes_CountsThemAndSaysWhatMakesASet()
    {
        using var folder = new TempFolder();
        byte[] png = Faces.Png(1, 8), exif = PilOracle.Root.GetProperty("decode").GetProperty("exif6.jpg").GetProperty("file")
            .GetBytesFromBase64();
        Faces.WriteFolder(folder["set"], new Dictionary<string, byte[]>
        {
            ["sad/1.png"] = png,
            ["sad/2.png"] = Faces.Png(2, 6, channels: 3),
            ["happy/3.png"] = png,
            ["happy/4.jpg"] = exif,
            ["happy/notes.tif"] = [1],
        });
        var (code, output, error) = Run("data", "describe", folder["set"]);

        Assert.Equal((0, ""), (code, error));
        Assert.Equal($"""
            {folder["set"]}: 4 images, of several sizes or colours

            class       all     share
            happy         2    50.0 %
            sad           2    50.0 %
            all           4

            Sizes of the files (3 different)
              8×8 grey                   2    50.0 %
              6×6 RGB                    1    25.0 %
              9×14 grey                  1    25.0 %
              To make one set of them: --size N --crop center (or pad) --channels 1 (or 3)

            1 file is turned as EXIF orientation says
            1 file that is no image is left out: happy/notes.tif

            Copies                               exact      exact or near
              all: images with a copy        2  50.0 %          2  50.0 %
              Near: correlation of 0.95 or more at 16×16 pixels, mirrored or not; exact: equal at 64×64, since sizes or colours differ.
              1 group of copies, the largest of 2 images; 1 image could go without losing a picture.

            Conflicting labels: 1 picture under more than one class; 0 pairs of near copies of different classes
              3 (happy), 1 (sad)

            """.ReplaceLineEndings("\n"), output);

        using var json = JsonDocument.Parse(Run("data", "describe", folder["set"], "--json").Output);
        Assert.Equal((JsonValueKind.Null, 64, 1),
            (json.RootElement.GetProperty("shape").ValueKind, json.RootElement.GetProperty("compared_at").GetInt32(),
            json.RootElement.GetProperty("adapted").GetProperty("turned").GetInt32()));
    }

    [Fact]
    public void Split_TestPart_IsChosenAndTold()
    {
        using var folder = new TempFolder();
        var (toy, _) = ToyFaces.Draw(new(70, 1, Size: 12));
        ImageSetFile.Save(folder["a.safetensors"],
            new(toy.Classes, toy.Shape, [.. toy.Ids], [.. toy.Labels], toy.Pixels.ToArray(),
            [.. Enumerable.Range(0, 70).Select(i => i < 50 ? "train" : i < 60 ? "PublicTest" : "PrivateTest")]));
        Assert.Equal(
            "generator        50\nvalidation       10\ntest             10\nby the set's own parts: PublicTest is validation, "
            + "PrivateTest is test\n",
            string.Concat(
                Run("data", "split", folder["a.safetensors"], "--out", folder["s.csv"], "--tear-duplicates", "--test-part",
                    "PrivateTest").Output.Split('\n').Take(4).Select(l => l + "\n")));

        var (code, _, error) = Run("data", "split", folder["a.safetensors"], "--out", folder["s.csv"], "--test-part", "Test");
        Assert.Equal((2, "understudy: test_part: the set has no test part 'Test'; it has PrivateTest, PublicTest\n"),
            (code, error));
    }

    [Fact]
    public void ToyImportSplit_OneAfterTheOther_MakeASet()
    {
        using var folder = new TempFolder();
        Assert.Equal(0,
            Run("data", "toy", folder["t.zip"], "--count", "70", "--size", "16", "--identities", "9", "--exact-copies", "5",
                "--factors", folder["f.csv"]).Code);
        Assert.Equal(0, Run("data", "import", folder["t.zip"], "--out", folder["t.safetensors"], "--size", "12").Code);
        var (code, output, _) = Run("data", "split", folder["t.safetensors"], "--out", folder["s.csv"], "--groups",
            folder["f.csv"], "--group-column", "identity", "--test", "0.3");

        Assert.Equal(0, code);
        Assert.Contains("test", output, StringComparison.Ordinal);
        var set = ImageSetFile.Load(folder["t.safetensors"]);
        var split = Split.Load(folder["s.csv"]);
        Assert.Equal((70, new ImageShape(1, 12, 12)), (split.Count, set.Shape));
        var people = SplitGroups.FromCsv(folder["f.csv"], "identity", set);
        Assert.All(people.Zip(set.Ids).GroupBy(p => p.First), g => Assert.Single(g.Select(p => split[p.Second]).Distinct()));
    }

    [Fact]
    public void Split_SetWithATestPart_SharesTheRestExactly()
    {
        using var folder = new TempFolder();
        var (toy, _) = ToyFaces.Draw(new(110, 1, Size: 12));
        ImageSetFile.Save(folder["a.safetensors"],
            new(toy.Classes, toy.Shape, [.. toy.Ids], [.. toy.Labels], toy.Pixels.ToArray(),
            [.. Enumerable.Range(0, 110).Select(i => i < 70 ? "train" : "test")]));
        Assert.Equal("generator        63\nvalidation        7\ntest             40\n",
            string.Concat(
                Run("data", "split", folder["a.safetensors"], "--out", folder["s.csv"], "--tear-duplicates").Output.Split('\n')
                    .Take(3).Select(l => l + "\n")));
    }

    [Theory]
    [InlineData("data describe /nowhere", 2, "/nowhere: there is no such folder or file")]
    [InlineData("data describe . --crop center", 2, "crop: 'center' needs a --size to crop for")]
    [InlineData("data describe . --channels 2", 2, "channels: 2 is not known; 1 (grey) or 3 (RGB)")]
    [InlineData("data toy x --count 0", 2, "count: 0 is out of range; give 1 to 1000000")]
    [InlineData("data import x", 2, "--out")]
    public void Run_CallersMistake_NamesItInOneLine(string line, int code, string message)
    {
        var (got, output, error) = Run(line.Split(' '));

        Assert.Equal((code, ""), (got, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("0.5", "0.7", "split: the shares sum to 1.2; give shares that sum to 1 at most, what they leave is the "
        + "generator's")]
    [InlineData("0.1", "1.7", "test: 1.7 is out of range; give 0 to 1")]
    public void Split_SharesThatDoNotFit_AreNamed(string validation, string test, string says)
    {
        using var folder = new TempFolder();
        ImageSetFile.Save(folder["a.safetensors"], Two);
        var (code, _, error) = Run("data", "split", folder["a.safetensors"], "--out", folder["s.csv"], "--ignore-parts",
            "--validation", validation, "--test", test);
        Assert.Equal((2, $"understudy: {says}\n"), (code, error));
    }

    [Fact]
    public void Split_SharesThatLeaveNothing_LeaveTheGeneratorNothing()
    {
        using var folder = new TempFolder();
        ImageSetFile.Save(folder["a.safetensors"], Two);
        var (code, output, error) = Run("data", "split", folder["a.safetensors"], "--out", folder["s.csv"], "--ignore-parts",
            "--tear-duplicates", "--validation", "0.4", "--test", "0.6");
        Assert.True(code == 0, error);
        Assert.DoesNotContain("generator", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_OnePicture_IsCalledThat()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["a.png"], Faces.Png(1));
        File.WriteAllText(folder["a.txt"], "no set");
        string Told(string name) => Run("data", "describe", folder[name]).Error[$"understudy: {folder[name]}: ".Length..];

        Assert.Equal("is one image and no set; give a folder or zip of <class>/x.png\n", Told("a.png"));
        Assert.Equal("is neither a folder, a zip, a .csv, a .parquet nor a .safetensors image set, or the zip is truncated\n",
            Told("a.txt"));
    }

    [Fact]
    public void Import_BadFilesSkipped_AreListedWithoutACureThatWasTaken()
    {
        using var folder = new TempFolder();
        var (set, good) = (folder["set"], Faces.Png(1));
        var files = new Dictionary<string, byte[]>
        {
            ["a/1.png"] = good,
            ["a/2.png"] = good[..60],
            ["b/3.png"] = good,
            ["b/4.png"] = []
        };
        Faces.WriteFolder(set, files);
        var (code, _, error) = Run("data", "import", set, "--out", folder["s.zip"], "--skip-bad");
        Assert.Equal((0, $"{set}: 2 files skipped:\n  a/2.png is truncated or damaged\n  b/4.png is empty\n"), (code, error));
        Assert.Equal($"understudy: {set}: a/2.png is truncated or damaged; replace it, delete it, or say --skip-bad\n",
            Run("data", "describe", set).Error);
    }

    [Fact]
    public void Import_WhereAFileIs_AsksForOverwrite()
    {
        using var folder = new TempFolder();
        ImageSetFile.Save(folder["a.safetensors"], Two);
        var (code, _, error) = Run("data", "import", folder["a.safetensors"], "--out", folder["a.safetensors"]);
        Assert.Equal(1, code);
        Assert.Contains("--overwrite", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("data describe")]
    [InlineData("data import")]
    [InlineData("data split")]
    [InlineData("data toy")]
    public void Help_HasAnExample(string verb)
    {
        var (code, output, _) = Run([.. verb.Split(' '), "--help"]);
        Assert.Equal(0, code);
        Assert.Contains($"understudy {verb} ", output, StringComparison.Ordinal);
    }
}
