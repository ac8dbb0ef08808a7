using System.Text.Json;
using Understudy.Common;
using Understudy.Reporting;

namespace Understudy.Studies.Stages;

/// <summary>The resolved study as a table: every option of every part, flat.</summary>
internal static class ReportSettings
{
    public static IReadOnlyList<Setting> Of(Study study, ulong rootSeed) =>
    [
        new("study", "seed", $"{rootSeed}"),
        new("study", "seeds", string.Join(", ", study.Seeds)),
        new("study", "test", study.Test.Word()),
        .. OfData(study.Data, rootSeed),
        .. Flat("split", study.Split.Shares with { Seed = Seeds.For(rootSeed, "split") }),
        new("split", "keep_copies_together", study.Split.KeepCopiesTogether ? "true" : "false"),
        .. Flat("scoring", study.Scoring with { Ferplus = Path.GetFileName(study.Scoring.Ferplus) })
        .Where(s => s.Key != "wants_ferplus"),
        .. study.Generators.SelectMany(g =>
            Flat($"generator {g.Name}", new { g.Resolution, g.TrainOn, g.Seed, g.Judge })
                .Concat(Flat($"generator {g.Name}", g.Options))),
        .. study.Sets.SelectMany(s =>
            Flat($"{StageInputs.Set} {s.Name}", s with { Path = s.Path is null ? null : Path.GetFileName(s.Path) }))
                .Where(s => s.Key != "name" && !s.Key.StartsWith("sampling.", StringComparison.Ordinal)),
        .. study.Classifiers.SelectMany(OfClassifier),
    ];

    private static IEnumerable<Setting> OfData(DataSpec data, ulong rootSeed) => data.Toy is { } toy
        ? Flat("data", toy with { Seed = Seeds.For(rootSeed, "data") })
        : Flat("data", data.Reading);

    /// <summary>The file that a classifier starts from, where there is one, and its options.</summary>
    internal static IEnumerable<Setting> OfClassifier(ClassifierSpec c)
    {
        var group = $"classifier {c.Name}";
        if (c.Start is not { } start) return Flat(group, c.Options);
        var file = new { Weights = Path.GetFileName(start.Path), Fresh = start.Allowed?.Fresh, Ignore = start.Allowed?.Ignored };
        return Flat(group, file).Concat(Flat(group, c.Options));
    }

    internal static IEnumerable<Setting> Flat<T>(string group, T options)
    {
        using var json = JsonDocument.Parse(StrictJson.WriteLine(options));
        return [.. Flat(group, "", json.RootElement)];
    }

    private static IEnumerable<Setting> Flat(string group, string prefix, JsonElement e) =>
        e.EnumerateObject().SelectMany(p => p.Value.ValueKind switch
        {
            JsonValueKind.Object => Flat(group, $"{prefix}{p.Name}.", p.Value),
            JsonValueKind.Null => [],
            JsonValueKind.Array => [new Setting(group, prefix + p.Name, string.Join(", ", p.Value.EnumerateArray()))],
            _ => [new(group, prefix + p.Name, p.Value.ToString())],
        });
}
