using System.Text.Json;
using Understudy.Cli;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;

namespace Understudy.Tests.Cli.Verbs;

public sealed class DoctorVerbTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Doctor_PredictionsOutOfOrder_TellsTheWorstFirstAndFails()
    {
        Save("p.csv", i => (i + 3) % 60, shuffled: true);
        var (code, output, error) = Run("doctor", _temp["p.csv"]);

        Assert.Equal((CommandLine.Failed, ""), (code, error));
        Assert.Equal($"""
            looked at 1 test

            fault  {_temp["p.csv"]}  [order-shift]
              The predictions are out of order: moved 3 rows down, 1.000 of them fit the labels instead of
              0.300.
              Cure: Write each prediction with its image's id and join by id; do not read the test set in two
              passes that can differ in order.

            inconclusive  {_temp["p.csv"]}  [label-independence]
              60 images are too few to tell these predictions from guesses (accuracy 0.300, chance 0.333); about
              4329 would do.

            1 fault, 0 warnings, 1 inconclusive, 3 fine

            """.ReplaceLineEndings("\n"), output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Doctor_Clean_IsSilentUnlessVerbose()
    {
        Save("p.csv", i => i);
        var (code, output, _) = Run("doctor", _temp["p.csv"]);

        Assert.Equal((CommandLine.Done, "looked at 1 test\n\n0 faults, 0 warnings, 0 inconclusive, 5 fine\n"),
            (code, output.ReplaceLineEndings("\n")));
        Assert.Contains("fine  " + _temp["p.csv"] + "  [label-independence]\n",
            Run("doctor", _temp["p.csv"], "--verbose").Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_Json_HoldsCountsAndEvidence()
    {
        Save("p.csv", i => (i + 3) % 60, shuffled: true);
        using var json = JsonDocument.Parse(Run("doctor", _temp["p.csv"], "--json").Output);
        var (root, first) = (json.RootElement, json.RootElement.GetProperty("findings")[0]);

        Assert.Equal((1, 3),
            (root.GetProperty("counts").GetProperty("fault").GetInt32(),
                root.GetProperty("counts").GetProperty("fine").GetInt32()));
        Assert.Equal(("order-shift", "fault", 3),
            (first.GetProperty("detector").GetString(), first.GetProperty("severity").GetString(),
                first.GetProperty("evidence").GetProperty("lag").GetInt32()));
        Assert.Equal("predictions", root.GetProperty("artefacts")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public void Doctor_Labels_AreJoinedByIdWhateverTheirOrder()
    {
        Save("p.csv", i => i);
        File.WriteAllText(_temp["labels.csv"],
            "label,id\n" + string.Concat(Enumerable.Range(0, 60).Reverse().Select(i => $"{Name(i / 20)},i{i:00}\n")));
        File.WriteAllText(_temp["shifted.csv"],
            "id,label\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"i{i:00},{Name((i + 1) % 60 / 20)}\n")));

        Assert.Equal(CommandLine.Done, Run("doctor", _temp["p.csv"], "--labels", _temp["labels.csv"]).Code);
        var (code, output, _) = Run("doctor", _temp["p.csv"], "--labels", _temp["shifted.csv"]);
        Assert.Equal(CommandLine.Failed, code);
        Assert.Contains("3 of 60 predictions carry another label than the test set, first 'i19': 'x'",
            output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_WrongFilesForOptions_AreTheCallersMistake()
    {
        Save("p.csv", i => i);

        Assert.Contains("is no split", Run("doctor", _temp["p.csv"], "--split", _temp["p.csv"]).Error, StringComparison.Ordinal);
        Assert.Contains("holds no labels", Run("doctor", _temp["p.csv"], "--labels", _temp["p.csv"]).Error,
            StringComparison.Ordinal);
        Assert.Equal(CommandLine.Mistake, Run("doctor", _temp["nothing"]).Code);
    }

    [Fact]
    public void Doctor_ImagesWithASplit_LooksAcrossItsRoles()
    {
        var pixels = new byte[40 * 36];
        var random = new KeyedRandom(1);
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)random.Next(256);
        pixels.AsSpan(0, 36).CopyTo(pixels.AsSpan(39 * 36));
        ImageSetFile.Save(_temp["set.safetensors"],
            new(new(["x", "y"]), new(1, 6, 6), [.. Enumerable.Range(0, 40).Select(i => $"i{i:00}")],
                [.. Enumerable.Range(0, 40).Select(i => i % 2)], pixels));
        new Split(Enumerable.Range(0, 40).Select(i => KeyValuePair.Create($"i{i:00}", i < 30 ? Role.Generator : Role.Test)))
            .Save(_temp["split.csv"]);

        Assert.Contains("whether training and test share pictures cannot be seen",
            string.Join(' ',
                Run("doctor", _temp["set.safetensors"]).Output.Split((char[])[' ', '\n', '\r'],
                    StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        var output = Run("doctor", _temp["set.safetensors"], "--split", _temp["split.csv"]).Output;
        Assert.Contains("1 of 10 test images (10.0 %) are exact copies of generator images; 1 (10.0 %) are near", output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("exact copies",
            Run("doctor", _temp["set.safetensors"], "--split", _temp["split.csv"], "--no-duplicates").Output,
                StringComparison.Ordinal);
    }

    private static string Name(int k) => ((string[])["x", "y", "z"])[k];

    /// <summary>Sixty images of three classes; row i says the class of image <paramref name="of"/>(i).</summary>
    private void Save(string file, Func<int, int> of, bool shuffled = false)
    {
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i / 20)];
        if (shuffled) new KeyedRandom(1).Shuffle<int>(labels);
        var p = new float[60, 3];
        for (int i = 0; i < 60; i++)
        {
            for (int k = 0; k < 3; k++) p[i, k] = k == labels[of(i)] ? .5f + i / 256f : (.5f - i / 256f) / 2;
        }
        new Predictions(["x", "y", "z"], [.. Enumerable.Range(0, 60).Select(i => $"i{i:00}")], labels, p).Save(_temp[file]);
    }

    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(args);
}
