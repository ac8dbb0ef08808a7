using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Training;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan info</c>: what a generator is, and how far its training got.</summary>
internal static class InfoVerb
{
    private static readonly GeneratorArgument From = new();
    private static readonly Option<bool> Json = new("--json") { Description = "Print it as JSON" };

    public static Command Create() => new Command("info", """
        Say what a generator is and how far its training got. Only headers of its files are read.

        Examples:
          understudy gan info runs/faces
          understudy gan info generator.safetensors --json
        """)
    {
        From, Json,
    }.Does(Run);

    /// <param name="Parameters">Numbers that training moves, of the generator.</param>
    /// <param name="HasMeanW">Whether there is a w_avg to truncate towards.</param>
    /// <param name="HasClassMeans">Whether there is one for each class (otherwise it is computed when it is asked for).</param>
    private sealed record Info(string File, GeneratorCard Card, long Parameters, bool HasMeanW, bool HasClassMeans, GanRun? Run,
        IReadOnlyDictionary<string, double>? LastTick, IReadOnlyList<long> Checkpoints);

    private static int Run(Session session)
    {
        var path = From.Path(session.Arguments);
        var file = GeneratorFile.Resolve(path);
        var run = Directory.Exists(path) ? GanRun.Load(path) : null;
        var stats = Path.Combine(path, RunDirectory.StatsName);
        var arrays = SafetensorsFile.ReadShapes(file);
        // A checkpoint holds several networks; the averaged generator is the one that is used.
        var own = arrays.Where(n => n.Name.StartsWith("generator_ema.", StringComparison.Ordinal))
            .ToList() is { Count: > 0 } averaged ? averaged : arrays;
        var info = new Info(file, GeneratorFile.ReadCard(file),
            own.Where(n => !IsBuffer(n.Name)).Sum(n => n.Shape.Aggregate(1L, (x, y) => x * y)),
            own.Any(n => n.Name.EndsWith("mapping.w_avg", StringComparison.Ordinal)),
            own.Any(n => n.Name == GeneratorFile.ClassMeansName), run,
            File.Exists(stats) ? RunDirectory.ReadStats(stats).LastOrDefault() : null,
            run is null ? [] : [
                .. new Checkpoints(Path.Combine(path, RunDirectory.CheckpointsName)).All
                    .Select(c => c.Step * run.Options.Batch)]);
        session.Output.Write(session.Arguments.GetValue(Json) ? StrictJson.Write(info) : Text(info));
        return CommandLine.Done;
    }

    private static bool IsBuffer(string name) =>
        name.EndsWith("w_avg", StringComparison.Ordinal) || name.EndsWith("resample_filter", StringComparison.Ordinal)
            || name.EndsWith("noise_const", StringComparison.Ordinal);

    private static string Say(FormattableString text) => FormattableString.Invariant(text);

    private static string Text(Info info)
    {
        var (card, o) = (info.Card, info.Card.Options);
        var lines = new List<(string, string)>
        {
            ("generator", info.File),
            ("images", Say($"{o.Channels}×{o.Resolution}×{o.Resolution}, ")
                + (o.LabelDim > 0 ? Say($"{card.Classes.Count} classes: {string.Join(", ", card.Classes)}") : "unconditional")),
            ("network", Say($"{o.Architecture.Word()}, z {o.ZDim}, w {o.WDim}, {o.MappingLayers} mapping layers, ")
                + Say($"channel base {o.ChannelBase}, at most {o.ChannelMax}, {o.Precision.Word()}; {Human.Count(info.Parameters)} parameters")),
            ("truncation", (info.HasMeanW ? "w_avg" : "no w_avg")
                + (o.LabelDim == 0 ? "" : info.HasClassMeans ? ", and one of each class"
                    : "; that of a class is computed when asked for")),
            ("trained", Say($"{card.Images / 1000.0:0.###} kimg, seed {card.Seed}")),
            ("data", Short(card.Data, "not known") + ", "
                + (card.Split.Length > 0 ? "split " + Short(card.Split, "") : "no split")),
        };
        if (info.Run is { } run)
        {
            lines.Add(("options", Options(run)));
            if (run.Options.Kimg < TrainVerb.Endless) lines.Add(("of", Say($"{run.Options.Kimg:0.###} kimg")));
            if (run.Judge is { } judge) lines.Add(("judge", $"{Short(judge, "")}, by whose features the best is chosen"));
            lines.Add(("checkpoints", string.Join(", ", info.Checkpoints.Select(c => Say($"{c / 1000.0:0.###} kimg")))));
        }
        if (info.LastTick is { } tick)
            lines.Add(("last tick",
                string.Join("  ", tick.Where(t => t.Key != "step").Select(t => Say($"{t.Key} {t.Value:0.###}")))));
        return string.Concat(lines.Select(l => $"{l.Item1,-12} {l.Item2}\n"));
    }

    /// <summary>Every option and its value, on one line.</summary>
    private static string Options(GanRun run) =>
        string.Join("  ", StrictJson.Write(run.Options).Split('\n', StringSplitOptions.TrimEntries)
        .Where(l => l.Contains(':', StringComparison.Ordinal))
        .Select(l => l.TrimEnd(',').Replace("\"", "", StringComparison.Ordinal).Replace(": ", " ", StringComparison.Ordinal)));

    private static string Short(string hash, string none) =>
        hash.Length == 0 ? none : hash.Length <= 16 ? hash : hash[..16] + "…";
}
