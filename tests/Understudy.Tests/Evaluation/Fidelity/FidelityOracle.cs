using System.Text.Json.Nodes;
using Understudy.Evaluation;

namespace Understudy.Tests.Evaluation.Fidelity;

/// <summary>Oracles/fidelity.json: two small sets of features and what numpy, scipy and scikit-learn made of them.</summary>
internal static class FidelityOracle
{
    public static JsonNode Root { get; } = Load();

    public static Features Real { get; } = Table("real");

    public static Features Synthetic { get; } = Table("synthetic");

    public static double Number(string key) => Root[key]!.GetValue<double>();

    public static double[] Numbers(string key) => [.. Root[key]!.AsArray().Select(v => v!.GetValue<double>())];

    private static Features Table(string key)
    {
        var rows = Root[key]!.AsArray();
        return new([.. rows.SelectMany(r => r!.AsArray().Select(v => (float)v!.GetValue<double>()))], rows[0]!.AsArray().Count);
    }

    private static JsonNode Load()
    {
        using var stream = typeof(FidelityOracle).Assembly.GetManifestResourceStream("oracles/fidelity.json")!;
        return JsonNode.Parse(stream)!;
    }
}
