using System.Text.Json.Nodes;
using Understudy.Cli.Verbs;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;
using Understudy.Tests.Reporting;

namespace Understudy.Tests.Cli.Verbs;

public sealed class EvaluateVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-evaluate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ToText_TwoFiles_IsAnAlignedTable()
    {
        var options = new BootstrapOptions(200, Seed: 7);
        var text = EvaluatedFile.ToText(
        [
            Score("a.csv", FabricatedStudy.Draw(["x", "y", "z"], 60, 3, 1, "evaluate")),
            Score("b.csv", new(["x", "y", "z"], ["1", "2"], [0, 1], new float[,] { { .8f, .2f, 0 }, { .6f, .4f, 0 } })),
        ], options);
        Assert.Equal("""
            predictions  images       accuracy      macro F1           AUROC     precision        recall
            a.csv            60           .917          .916            .984          .918          .917
                                  [.850, .983]  [.853, .982]   [.963, 1.000]  [.855, .982]  [.857, .982]
            b.csv             2           .500          .222           1.000          .167          .333
                                 [.000, 1.000]  [.000, .333]  [1.000, 1.000]  [.000, .333]  [.000, .333]

            [95 % interval over test images, 200 resamples, seed 7]; F1, precision and recall are macro averages
            b.csv: the test set has no image of z: recall and F1 count as 0, and AUROC leaves it out
            b.csv: never predicted: y; precision and F1 count as 0

            """, text);

        EvaluatedFile Score(string name, Predictions p) => new(name, Scores.From(p), Bootstrap.Of([p], options));
    }

    [Fact]
    public void Run_TwoFiles_PrintsBoth()
    {
        Save("a.csv", FabricatedStudy.Draw(["x", "y", "z"], 60, 3, 1, "evaluate"));
        Save("b.csv", FabricatedStudy.Draw(["x", "y", "z"], 60, 0, 1, "evaluate"));
        var (code, output, error) = Run("evaluate", Path("a.csv"), Path("b.csv"), "--bootstrap", "200", "--seed", "7");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal([Path("a.csv"), Path("b.csv")],
            output.Split('\n').Where(l => l.StartsWith(_folder, StringComparison.Ordinal)).Select(l => l.Split(' ')[0]));
        Assert.Contains("200 resamples, seed 7", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Json_HoldsTheScores()
    {
        var p = FabricatedStudy.Draw(FabricatedStudy.Faces, 70, 1, 2, "evaluate");
        Save("p.csv", p);
        var (code, output, _) = Run("evaluate", Path("p.csv"), "--json", "--bootstrap", "100");
        Assert.Equal(0, code);
        var test = JsonNode.Parse(output)!["tests"]![0]!;
        var scores = Scores.From(p);
        Assert.Equal(scores.Metrics.Accuracy, test["measures"]!["accuracy"]!["value"]!.GetValue<double>());
        Assert.Equal(scores.Auroc.Macro, test["measures"]!["macro_auroc"]!["value"]!.GetValue<double>());
        Assert.Equal(scores.Confusion[3, 2], test["confusion"]![3]![2]!.GetValue<long>());
        Assert.Equal(FabricatedStudy.Faces, test["classes"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()));
    }

    [Fact]
    public void Run_Exclude_ScoresWithoutTheseImagesBesideAll()
    {
        new Predictions(["x", "y"], ["1", "2", "3", "4"], [0, 1, 0, 1],
            new float[,] { { .9f, .1f }, { .2f, .8f }, { .3f, .7f }, { .6f, .4f } }).Save(Path("p.csv"));
        File.WriteAllText(Path("copies.csv"), "id,reason\nfaces/3.jpg,exact copy in train\nelsewhere,near copy in train\n");
        var (code, output, error) = Run("evaluate", Path("p.csv"), "--exclude", Path("copies.csv"), "--bootstrap", "100");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("  all images             4           .500", output, StringComparison.Ordinal);
        Assert.Contains("  without excluded       3           .667", output, StringComparison.Ordinal);
        Assert.Contains("\nwithout excluded: Left out: the images of copies.csv. Here: exact copy in train (1).\n", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DataAndFerplus_FindsCopiesAndCountsVotes()
    {
        // Four tested images of test; the first is in train too, and one of test was not tested, which is a copy of the second.
        byte[] Draw(ulong seed)
        {
            var random = new KeyedRandom(seed, "evaluate");
            return [.. Enumerable.Range(0, 256).Select(_ => (byte)random.Next(256))];
        }
        byte[][] pictures = [Draw(1), Draw(2), Draw(3), Draw(4), Draw(2), Draw(1), Draw(5)];
        ImageSetFile.Save(Path("faces.safetensors"),
            new(new(["happy", "sad"]), new(1, 16, 16), ["t1", "t2", "t3", "t4", "t5", "n6", "n7"], [0, 1, 0, 1, 1, 0, 1],
            [.. pictures.SelectMany(p => p)], ["test", "test", "test", "test", "test", "train", "train"]));
        new Predictions(["happy", "sad"], ["t1", "t2", "t3", "t4"], [0, 1, 0, 1],
            new float[,] { { .9f, .1f }, { .2f, .8f }, { .3f, .7f }, { .6f, .4f } }).Save(Path("p.csv"));
        File.WriteAllText(Path("votes.csv"), "file,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
            + "t1.jpg,0,9,0,1,0,0,0,0,0,0\nt2.jpg,0,1,0,9,0,0,0,0,0,0\nt3.jpg,0,0,0,9,0,0,0,0,0,0\nt4.jpg,5,0,0,5,0,0,0,0,0,0\n");
        var (code, output, _) = Run("evaluate", Path("p.csv"), "--data", Path("faces.safetensors"), "--ferplus",
            Path("votes.csv"), "--bootstrap", "100", "--json");
        Assert.Equal(0, code);
        var tests = JsonNode.Parse(output)!["tests"]!.AsArray();
        Assert.Equal(
            [(null, 4, .5), ("without copies", 3, 1 / 3.0), ("by FER+ labels", 3, 1.0),
                ("by FER+ labels, without copies", 2, 1.0)],
            tests.Select(t =>
                (t!["scored"]?.GetValue<string>(), t["images"]!.GetValue<int>(),
                    t["measures"]!["accuracy"]!["value"]!.GetValue<double>())));
        Assert.Equal("exact copy in train", tests[1]!["left_out"]![0]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public void Run_FilesOfOtherImages_AreRefused()
    {
        Save("p.csv", FabricatedStudy.Draw(["x", "y"], 4, 1, 2, "evaluate"));
        File.WriteAllText(Path("other.csv"), "id,reason\nface-1,copy\n");
        Assert.Contains("other.csv: names none of the predictions' images; its first is 'face-1', theirs 'toy-000000'",
            Run("evaluate", Path("p.csv"), "--exclude", Path("other.csv")).Error, StringComparison.Ordinal);
        ImageSetFile.Save(Path("faces.safetensors"), new(new(["x"]), new(1, 8, 8), ["face-1"], [0], new byte[64]));
        Assert.Contains("holds no image 'toy-000000' of the predictions (4 of 4 are missing)",
            Run("evaluate", Path("p.csv"), "--data", Path("faces.safetensors")).Error, StringComparison.Ordinal);
        var (code, _, error) =
            Run("evaluate", Path("p.csv"), "--data", Path("faces.safetensors"), "--exclude", Path("other.csv"));
        Assert.Equal(2, code);
        Assert.Contains("--data, --exclude: each says which images are left out; give one of them", error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,label,a\n", "holds no image")]
    [InlineData("", "is empty")]
    [InlineData("id,label,a,b\n1,a,.5\n", ":2: needs an id, a label of [a, b] and 2 numbers")]
    [InlineData("id,label,a,b\n1,c,.5,.5\n", ":2: needs an id, a label of [a, b]")]
    [InlineData("id,label,a,b\n1,a,.5,.5\n1,b,.5,.5\n", ": image '1' stands twice")]
    [InlineData("id,label,a,a\n1,a,.5,.5\n", ": a class is named twice in [a, a]")]
    [InlineData("id,label,a,b\n1,a,1.5,.5\n", ": image '1' has 1.5 for 'a'")]
    [InlineData("id,label,a,b\n1,a,NaN,.5\n", ": image '1' has NaN for 'a'")]
    public void Run_BadFile_NamesFileAndFault(string text, string says)
    {
        File.WriteAllText(Path("bad.csv"), text);
        var (code, output, error) = Run("evaluate", Path("bad.csv"));
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains("bad.csv", error, StringComparison.Ordinal);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MissingFileOrBadOption_IsTheCallersMistake()
    {
        Assert.Equal(2, Run("evaluate", Path("none.csv")).Code);
        Save("p.csv", FabricatedStudy.Draw(["x", "y"], 4, 1, 2, "evaluate"));
        var (code, _, error) = Run("evaluate", Path("p.csv"), "--bootstrap", "5");
        Assert.Equal(2, code);
        Assert.Contains("bootstrap: 5 is out of range; give 100 to 1000000", error, StringComparison.Ordinal);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private void Save(string name, Predictions predictions) => predictions.Save(Path(name));

    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(args);
}
