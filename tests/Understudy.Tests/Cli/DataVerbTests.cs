using System.Text.Json;
using Understudy.Cli;
using Understudy.Data;

namespace Understudy.Tests.Cli;

public sealed class DataVerbTests
{
    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        return (CommandLine.Run(args, output, error), output.ToString(), error.ToString());
    }

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
            {folder["a.safetensors"]}: 5 images, 3×1, grey, fingerprint {Two.Fingerprint[..12]}

            class     train      test
            happy         1         1
            sad           2         1
            all           3         2

            Blank images (one level all over): 1, such as e

            Copies (near: correlation of at least 0.95 at 16×16, mirrored ones too; exact ones are near ones)
              train images with a copy in train        exact      2 (66.7 %)   near      2 (66.7 %)
              train images that are in test too        exact      2 (66.7 %)   near      2 (66.7 %)
              test images that are in train too        exact      1 (50.0 %)   near      1 (50.0 %)
              test images with a copy in test          exact      0 ( 0.0 %)   near      0 ( 0.0 %)
              1 clusters, the largest of 3; 2 images are redundant exact copies

            Conflicting labels: 1 pictures stand under more than one class; 0 pairs of near copies differ in class
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
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(Run("data", "describe", folder["a.safetensors"], "--json", "--no-duplicates").Output).RootElement.GetProperty("duplicates").ValueKind);
    }

    [Fact]
    public void ToyImportSplit_OneAfterTheOther_MakeASet()
    {
        using var folder = new TempFolder();
        Assert.Equal(0, Run("data", "toy", folder["t.zip"], "--count", "70", "--size", "16", "--identities", "9", "--exact-copies", "5", "--factors", folder["f.csv"]).Code);
        Assert.Equal(0, Run("data", "import", folder["t.zip"], "--out", folder["t.safetensors"], "--size", "12").Code);
        var (code, output, _) = Run("data", "split", folder["t.safetensors"], "--out", folder["s.csv"], "--groups", folder["f.csv"], "--group-column", "identity", "--test", "0.3");

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
        ImageSetFile.Save(folder["a.safetensors"], new(toy.Classes, toy.Shape, [.. toy.Ids], [.. toy.Labels], toy.Pixels.ToArray(),
            [.. Enumerable.Range(0, 110).Select(i => i < 70 ? "train" : "test")]));
        Assert.Equal("generator        63\nvalidation        7\ntest             40\n",
            string.Concat(Run("data", "split", folder["a.safetensors"], "--out", folder["s.csv"], "--tear-duplicates").Output.Split('\n').Take(3).Select(l => l + "\n")));
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
