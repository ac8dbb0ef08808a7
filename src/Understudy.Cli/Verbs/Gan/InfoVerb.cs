using System.CommandLine;
using Understudy.Common;
using Understudy.Training;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan info</c>: what a generator is, and how far its training got.</summary>
internal static class InfoVerb
{
    private static readonly Argument<string> From = new("GENERATOR") { Description = "A run's folder, a checkpoint, or a generator.safetensors" };
    private static readonly Option<bool> Json = new("--json") { Description = "Print it as JSON" };

    public static Command Create() => new Command("info", """
        Say what a generator is and how far its training got. Reads headers only.

        Examples:
          understudy gan info runs/faces
          understudy gan info generator.safetensors --json
        """)
    {
        From, Json,
    }.Does(Run);

    private sealed record Info(string File, GeneratorCard Card, GanRun? Run, IReadOnlyDictionary<string, double>? LastTick, IReadOnlyList<long> Checkpoints);

    private static int Run(Session session)
    {
        var path = session.Arguments.GetValue(From)!;
        var file = GeneratorFile.Resolve(path);
        var run = Directory.Exists(path) ? GanRun.Load(path) : null;
        var stats = Path.Combine(path, "stats.jsonl");
        var info = new Info(file, GeneratorFile.ReadCard(file), run, File.Exists(stats) ? RunDirectory.ReadStats(stats).LastOrDefault() : null,
            run is null ? [] : [.. new Checkpoints(Path.Combine(path, "checkpoints")).All.Select(c => c.Step * run.Options.Batch)]);
        session.Output.Write(session.Arguments.GetValue(Json) ? StrictJson.Write(info) : Text(info));
        return CommandLine.Done;
    }

    private static string Say(FormattableString text) => FormattableString.Invariant(text);

    private static string Text(Info info)
    {
        var (card, o) = (info.Card, info.Card.Options);
        var lines = new List<(string, string)>
        {
            ("generator", info.File),
            ("images", Say($"{o.Channels}×{o.Resolution}×{o.Resolution}, {card.Classes.Count} classes: {string.Join(", ", card.Classes)}")),
            ("network", Say($"z {o.ZDim}, w {o.WDim}, {o.MappingLayers} mapping layers, channel base {o.ChannelBase}, at most {o.ChannelMax}")),
            ("trained", Say($"{card.Images / 1000.0:0.###} kimg, seed {card.Seed}")),
            ("data", card.Data[..Math.Min(16, card.Data.Length)] + "…" + (card.Split.Length > 0 ? $", split {card.Split[..Math.Min(16, card.Split.Length)]}…" : ", no split")),
        };
        if (info.Run is { } run)
        {
            if (run.Options.Kimg < TrainVerb.Endless) lines.Add(("of", Say($"{run.Options.Kimg:0.###} kimg")));
            lines.Add(("checkpoints", string.Join(", ", info.Checkpoints.Select(c => Say($"{c / 1000.0:0.###} kimg")))));
        }
        if (info.LastTick is { } tick)
            lines.Add(("last tick", string.Join("  ", tick.Where(t => t.Key != "step").Select(t => Say($"{t.Key} {t.Value:0.###}")))));
        return string.Concat(lines.Select(l => $"{l.Item1,-12} {l.Item2}\n"));
    }
}
