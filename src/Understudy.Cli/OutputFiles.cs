using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Understudy.Cli.Verbs;
using Understudy.Cli.Verbs.Classify;
using Understudy.Common;
using Understudy.Data;
using Understudy.Reporting.Figures;
using Understudy.Studies;
using Understudy.Training;

namespace Understudy.Cli;

/// <summary>
/// What may be replaced by what verbs write, for all verbs in one place and before any work: nothing that the command reads, no
/// file of a run or a study, and no file but one that Understudy wrote as the same kind; folders hold nothing else. Pipes and
/// devices take anything.
/// </summary>
internal static class OutputFiles
{
    private const string Out = "--out";

    private static readonly HashSet<string> Projection =
        new(["projected.png", "comparison.png", "w.safetensors", Restricted.FileName], StringComparer.Ordinal);

    /// <param name="Name">What a message calls it.</param>
    /// <param name="Ending">Of its files' names; empty: any.</param>
    /// <param name="Was">Whether a file that is there was written as one.</param>
    internal sealed record Kind(string Name, string Ending, Func<string, bool> Was);

    private static readonly Kind
        Picture = new("picture that understudy drew", ".png", IsDrawn),
        Weights = new("generator's weights that understudy wrote", ".safetensors",
            path => SafetensorsFile.ReadMetadata(path) is var about && (about.GetValueOrDefault("format") == GeneratorFile.Format
                || about.GetValueOrDefault("software", "").StartsWith("understudy", StringComparison.Ordinal))),
        Chart = new("chart that understudy drew", ".svg",
            path => Start(path).Contains($"<title>{CurveSheet.Title}", StringComparison.Ordinal)),
        Onnx = new("model that understudy wrote", ".onnx", path => Start(path).Contains("understudy", StringComparison.Ordinal)),
        Split = new("split", ".csv", path => FirstLine(path) == Understudy.Data.Split.Header),
        Factors = new("table of drawn faces", ".csv",
            path => FirstLine(path).StartsWith("id,expression,identity,", StringComparison.Ordinal)),
        Predictions = new("predictions.csv", ".csv", path => FirstLine(path).StartsWith("id,label,", StringComparison.Ordinal)),
        Selection = new("selection", ".csv", path => FirstLine(path).StartsWith("source,id,label,weight,", StringComparison.Ordinal)),
        Answers = new("classifier's answers", "", path => FirstLine(path).StartsWith("image,class,", StringComparison.Ordinal)
            || (Start(path).StartsWith('[') && Start(path).Contains("\"image\"", StringComparison.Ordinal)));

    /// <summary>Every option that names one file to write.</summary>
    internal static IReadOnlyList<(string Verb, string Option, Kind[] Kinds)> All { get; } =
    [
        ("data split", Out, [Split]), ("data toy", "--factors", [Factors]),
        ("gan sheet", Out, [Picture]), ("gan mix", Out, [Picture]),
        ("gan interpolate", Out, [Picture]), ("gan interpolate", "--strip", [Picture]),
        ("gan curves", Out, [Chart]), ("gan export", Out, [Weights, Onnx]), ("gan import", Out, [Weights]),
        ("classify export", Out, [Onnx]), ("classify predict", Out, [Answers]), ("classify predict", "--selection", [Selection]),
        ("classify test", Out, [Predictions]),
    ];

    /// <exception cref="OptionException">A file that is to be written would take the place of one that is to stay.</exception>
    /// <exception cref="IOException">A set is there already, and is not to be overwritten.</exception>
    public static void Require(ParseResult parsed)
    {
        var verb = VerbOf(parsed.CommandResult);
        foreach (var (_, option, kinds) in All.Where(f => f.Verb == verb))
        {
            if ((parsed.GetValue<string>(option) ?? Usual(parsed, verb)) is { } path) RequireFile(parsed, option, path, kinds);
        }
        switch (verb)
        {
            case "generate" when parsed.GetValue<string>("--remake") is not null:
                if (parsed.GetValue<string>("--manifest") is null) break;
                RequireFile(parsed, Out, parsed.GetValue<string>(Out)!, [Picture]);
                break;
            case "generate": RequireSet(parsed, Out, synthetic: true); break;
            case "data import": RequireSet(parsed, Out, synthetic: false); break;
            case "data toy": RequireSet(parsed, "PATH", synthetic: false); break;
            case "gan train": RunFolder.RequireFree(parsed.GetValue<string>(Out)!); break;
            case "classify train":
                RunFolder.RequireFree(parsed.GetValue<string>(Out)!);
                if (GanRun.IsIn(parsed.GetValue<string>(Out)!))
                    throw new OptionException($"{Out} {parsed.GetValue<string>(Out)}: is a generator's run; choose another folder");
                break;
            case "gan project": RunFolder.RequireOnly(parsed.GetValue<string>(Out)!, Projection); break;
        }
    }

    /// <summary>Where a verb writes that is not told where, and a user's own file may lie; else null.</summary>
    private static string? Usual(ParseResult parsed, string verb) => verb == "classify test"
        && parsed.GetValue<string>("CLASSIFIER") is { } given && Path.Exists(given)
        ? TestVerb.PredictionsBeside(ClassifierPath.Resolve(given)) : null;

    private static void RequireFile(ParseResult parsed, string option, string path, Kind[] kinds)
    {
        if (SpecialFile.Is(path)) return;
        var what = $"{option} {path}";
        var kind = kinds.FirstOrDefault(k => path.EndsWith(k.Ending, StringComparison.OrdinalIgnoreCase))
            ?? throw new OptionException($"{what}: give a file that ends in {string.Join(" or ", kinds.Select(k => k.Ending))}");
        if (Directory.Exists(path)) throw new OptionException($"{what}: is a folder; name a file");
        RequireNoInput(parsed, what, path, option);
        if (OwnerOf(path) is { } owner) throw new OptionException($"{what}: is a file that {owner} lives by; name another");
        if (!File.Exists(path) || new FileInfo(Real(path)).Length == 0 || WasWrittenAs(kind, path)) return;
        throw new OptionException($"{what}: is there already, and is no {kind.Name}; name another file, or remove it");
    }

    private static void RequireSet(ParseResult parsed, string option, bool synthetic)
    {
        var path = parsed.GetValue<string>(option)!;
        ExistingSet.RequireReplaceable(path, parsed.GetValue<bool>("--overwrite"), synthetic);
        RequireNoInput(parsed, $"{option} {path}", path, option);
    }

    private static void RequireNoInput(ParseResult parsed, string what, string path, string option)
    {
        var inputs = parsed.CommandResult.Children.Where(c => c is not OptionResult { Option: var o } || o.Name != option)
            .Where(c => c is not ArgumentResult { Argument: var a } || a.Name != option)
            .SelectMany(c => c.Tokens).Select(t => t.Value).Where(v => v.Length > 0 && Path.Exists(v));
        if (inputs.Any(i => Real(i) == Real(path)))
            throw new OptionException($"{what}: is read by this very command; name another");
    }

    /// <summary>The run or study whose own file this is, or null.</summary>
    private static string? OwnerOf(string path)
    {
        const int deepest = 3;
        var (full, folder) = (Real(path), Path.GetDirectoryName(Real(path)));
        for (var level = 0; folder is not null && level < deepest; level++, folder = Path.GetDirectoryName(folder))
        {
            var name = Path.GetRelativePath(folder, full).Split(Path.DirectorySeparatorChar)[0];
            if (Has(folder, RunDirectory.OptionsName) && RunFolder.Own.Contains(name)) return $"the run in {RunVerb.Shown(folder)}";
            if (Has(folder, PlanFile.FileName) && File.Exists(full)) return $"the study in {RunVerb.Shown(folder)}";
            if (Has(folder, StageFolder.DoneFile) && File.Exists(full)) return $"the study's stage in {RunVerb.Shown(folder)}";
        }
        return null;
    }

    private static bool Has(string folder, string file) => File.Exists(Path.Combine(folder, file));

    private static bool WasWrittenAs(Kind kind, string path)
    {
        try { return kind.Was(path); }
        catch (InvalidDataException) { return false; }
    }

    private static bool IsDrawn(string path) => SyntheticMark.IsOn(File.ReadAllBytes(path));

    private static string FirstLine(string path) => Start(path).Split('\n')[0].TrimEnd('\r');

    private static string Start(string path)
    {
        using var file = File.OpenRead(path);
        var start = new byte[512];
        return Encoding.UTF8.GetString(start, 0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
    }

    /// <summary>The full path at the end of links.</summary>
    private static string Real(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return AtomicFile.Target(full);
    }

    private static string VerbOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{VerbOf(parent)} {result.Command.Name}".TrimStart() : "";
}
