using System.Text.Json.Nodes;
using Understudy.Evaluation;

namespace Understudy.Tests.Evaluation;

/// <summary>Oracles/evaluation.json: what scikit-learn and scipy computed.</summary>
internal static class Oracle
{
    public static JsonNode Root { get; } = Load();

    public static double[] Numbers(this JsonNode node) => [.. node.AsArray().Select(v => v!.GetValue<double>())];

    public static TheoryData<string> Cases => [.. Root["cases"]!.AsArray().Select(c => c!["name"]!.GetValue<string>())];

    public static (Predictions Predictions, JsonNode Expected) Case(string name)
    {
        var c = Root["cases"]!.AsArray().Single(c => c!["name"]!.GetValue<string>() == name)!;
        var rows = c["probabilities"]!.AsArray().Select(r => r!.Numbers()).ToArray();
        var table = new float[rows.Length, rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int k = 0; k < rows[i].Length; k++) table[i, k] = (float)rows[i][k];
        }
        return (new([.. Enumerable.Range(0, rows[0].Length).Select(k => $"class {k}")], [.. rows.Select((_, i) => $"image {i}")],
            [.. c["labels"]!.AsArray().Select(v => v!.GetValue<int>())], table), c["expected"]!);
    }

    /// <summary>Predictions from hard or soft guesses, written by hand in a test.</summary>
    public static Predictions Of(int classes, params (int Label, float[] Probabilities)[] images)
    {
        var table = new float[images.Length, classes];
        for (int i = 0; i < images.Length; i++)
        {
            for (int k = 0; k < classes; k++) table[i, k] = images[i].Probabilities[k];
        }
        return new([.. Enumerable.Range(0, classes).Select(k => $"c{k}")], [.. images.Select((_, i) => $"i{i}")],
            [.. images.Select(i => i.Label)], table);
    }

    private static JsonNode Load()
    {
        using var stream = typeof(Oracle).Assembly.GetManifestResourceStream("oracles/evaluation.json")!;
        return JsonNode.Parse(stream)!;
    }
}
