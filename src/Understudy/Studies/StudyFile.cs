using System.Reflection;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Reporting;
using Understudy.Studies.Yaml;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Studies;

/// <summary>
/// Reads a study. Strict: an unknown or missing key, a wrong type, a value out of range or a name that nothing bears is an error
/// with file and line. docs/guide/studies.md says what a study holds.
/// </summary>
internal static class StudyFile
{
    private const string Embedded = "studies/toy.yaml";

    private static readonly string[] AboutWeights = ["weights", "fresh", "ignore"];

    private static readonly string[] Keys = ["name", "question", "data", "split", "generators", "sets", "arms", "classifiers",
        "seeds", "test", "scoring", "reference"];

    /// <param name="path">A file, or null for the built-in toy study.</param>
    /// <param name="data">Replaces the study's data source (<c>--data</c>).</param>
    /// <param name="changes">Overrides "generators.g24.kimg=20" (<c>--set</c>).</param>
    /// <exception cref="InvalidDataException">What is wrong, and in which line.</exception>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static Study Read(string? path, string? data = null, IReadOnlyList<string>? changes = null)
    {
        if (path is not null && Directory.Exists(path))
            throw new OptionException($"{path}: is a folder; name a study file, such as studies/toy.yaml");
        if (path is not null && !File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such study file; studies/ holds some, and without a name the built-in "
                + "toy study runs", path);
        }
        if (path is not null && new FileInfo(path).Length > 4 * YamlReader.LongestFile)
            throw new InvalidDataException($"{path}: is too large for a study file");
        return Parse(path is null ? EmbeddedText() : File.ReadAllText(path), path ?? Embedded, data, changes);
    }

    /// <summary>The built-in toy study, as in studies/toy.yaml.</summary>
    public static string EmbeddedText()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Embedded)!);
        return reader.ReadToEnd();
    }

    public static Study Parse(string text, string source, string? data = null, IReadOnlyList<string>? changes = null)
    {
        var root = (changes ?? []).Aggregate(YamlReader.Read(text, source), Change);
        if (data is not null) root = root.With("data", DataFrom(root["data"], data));
        YamlBinder.RequireKnown(root, "", Keys);
        foreach (var key in Keys.Except(["split", "generators", "sets", "seeds", "test", "scoring", "reference"]))
        {
            if (root[key] is null) throw new InvalidDataException($"{root.Where}: missing key '{key}'");
        }
        var name = YamlBinder.Value<string>(root["name"]!, "name");
        if (name.Length is 0 or > 60 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || name[0] == '.')
            throw new InvalidDataException($"{root.WhereIs("name")}: name: '{name}' names a folder; use letters, digits, '-', "
                + "'_' and '.'");
        List<string> before = [];
        var generators = Named(root, "generators", (n, v) => Generator(n, v, before));
        var sets = Named(root, "sets", (n, v) => Set(n, v, generators));
        var arms = Named(root, "arms", (n, v) => Arm(n, v, sets));
        foreach (var arm in arms.Where(a => a.Against is not null))
            Require((YamlMap)((YamlMap)root["arms"]!)[arm.Name]!, "against", $"arms.{arm.Name}", arm.Against!,
                [.. arms.Select(a => a.Name).Where(n => n != arm.Name)]);
        var classifiers = Named(root, "classifiers", (n, v) => Classifier(n, v, arms));
        var split = Split(root["split"]);
        foreach (var g in generators.Where(g => g.Judge is not null))
            RequireJudge((YamlMap)((YamlMap)root["generators"]!)[g.Name]!, g, classifiers, split);
        return new(name, YamlBinder.Value<string>(root["question"]!, "question"), Data(root["data"]!),
            split,
            generators, sets, arms, classifiers,
            root["seeds"] is { } seeds ? Seeds(seeds, "seeds") : [0],
            root["test"] is { } test ? YamlBinder.Value<Role>(test, "test") : Role.Test,
            root["scoring"] is { } scoring ? Scoring(YamlBinder.Map(scoring, "scoring")) : new(),
            root["reference"] is { } rows ? YamlBinder.Value<ReferenceRow[]>(rows, "reference") : []);
    }

    private static SplitSpec Split(YamlValue? value)
    {
        const string copies = "keep_copies_together";
        if (value is null) return new(new(), false);
        var map = YamlBinder.Map(value, "split");
        return new(YamlBinder.Bind(map.Without(copies), "split", new SplitOptions(), except: "seed"),
            map[copies] is { } keep && YamlBinder.Value<bool>(keep, $"split.{copies}"));
    }

    /// <summary>A key ferplus without a path asks for FER+ labels that the one who runs the study has to bring.</summary>
    private static ScoringSpec Scoring(YamlMap map) =>
        YamlBinder.Bind(map, "scoring", new ScoringSpec { WantsFerplus = map.Entries.Any(e => e.Key == "ferplus") },
            except: "wants_ferplus");

    private static DataSpec Data(YamlValue value)
    {
        var map = YamlBinder.Map(value, "data");
        var source = map["source"] is { } s ? YamlBinder.Value<string>(s, "data.source")
            : throw new InvalidDataException($"{map.Where}: missing key 'source' in data; give toy, or a path");
        var rest = map.Without("source");
        if (source == "toy")
            return new(YamlBinder.Bind(rest, "data", new ToyFacesOptions(8000, 0), except: "seed"), null, ImageReading.AsIs);
        var size = rest["size"];
        var reading = rest.Without("size");
        if (size is not null) reading = reading.With("height", size).With("width", size);
        return new(null, source, YamlBinder.Bind(reading, "data", ImageReading.AsIs));
    }

    /// <summary>
    /// The path given on the command line, with what the study says of reading paths; what it says of drawing is dropped.
    /// </summary>
    private static YamlMap DataFrom(YamlValue? data, string path)
    {
        var place = new YamlScalar("--data", path, Quoted: true);
        return (data is YamlMap map && map["source"] is YamlScalar { Text: not "toy" } ? map : new YamlMap("--data", []))
            .With("source", place);
    }

    /// <param name="before">The generators above it in the file, which it may start from; it joins them.</param>
    private static GeneratorSpec Generator(string name, YamlMap map, List<string> before)
    {
        var path = $"generators.{name}";
        var options = YamlBinder.Bind(map.Without("resolution", "train_on", "seed", "preset", "from", "judge"), path,
            Preset(map, "preset", path, GanTrainingOptions.Preset)
                ?? throw new InvalidDataException($"{map.Where}: missing key 'preset' in {path}"));
        int? side = map["resolution"] is { } r ? YamlBinder.Value<int>(r, $"{path}.resolution") : null;
        if (side is < 8 or > 1024)
        {
            throw new InvalidDataException(
                $"{map.WhereIs("resolution")}: {path}.resolution: {side} is out of range; give 8 to 1024");
        }
        var from = map["from"] is { } start ? YamlBinder.Value<string>(start, $"{path}.from") : null;
        if (from is not null && !before.Contains(from) && !Path.Exists(from))
            throw new InvalidDataException($"{map.WhereIs("from")}: {path}.from: '{from}' is neither a generator above it nor a "
                + $"path{Closest.Hint(from, before)}");
        if (options.FrozenBlocks > 0 && from is null)
        {
            throw new InvalidDataException($"{map.WhereIs("frozen_blocks")}: {path}.frozen_blocks: {options.FrozenBlocks} needs "
                + "networks to start from, else random ones are held still; give from");
        }
        before.Add(name);
        return new(name, side,
            map["train_on"] is { } roles ? YamlBinder.Value<Role[]>(roles, $"{path}.train_on") : [Role.Generator],
            map["seed"] is { } seed ? YamlBinder.Value<int>(seed, $"{path}.seed") : 0, options, from,
            map["judge"] is { } judge ? YamlBinder.Value<string>(judge, $"{path}.judge") : null);
    }

    /// <summary>
    /// A generator's judge is a classifier of the study, and learns from images that the generator does not see.
    /// </summary>
    private static void RequireJudge(YamlMap map, GeneratorSpec generator, IReadOnlyList<ClassifierSpec> classifiers,
        SplitSpec split)
    {
        var (path, judge) = ($"generators.{generator.Name}", generator.Judge!);
        Require(map, "judge", path, judge, [.. classifiers.Select(c => c.Name)]);
        var arch = classifiers.First(c => c.Name == judge).Options.Arch;
        var fault = split.Shares.Judge <= 0 ? "the split keeps no images for judges; give it a share, such as judge: 0.2"
            : generator.TrainOn.Contains(Role.Judge)
            ? "train_on holds judge: a judge knows the images it was trained on too well to measure by them; leave that role to it"
            : !ClassifierNet.EndsInLinear(arch)
            ? $"{arch} has no linear last layer whose input could be measured in; name a classifier of another arch" : null;
        if (fault is not null) throw new InvalidDataException($"{map.WhereIs("judge")}: {path}.judge: {fault}");
    }

    private static SetSpec Set(string name, YamlMap map, IReadOnlyList<GeneratorSpec> generators)
    {
        var path = $"sets.{name}";
        if (name == TrainingPart.Real)
            throw new InvalidDataException($"{map.Where}: {path}: 'real' is the name of the data's own images; choose another");
        var set = YamlBinder.Bind(map, path, new SetSpec(name), except: "name");
        if (set.Generator is null == set.Path is null)
            throw new InvalidDataException($"{map.Where}: {path} needs a generator of the study, or a path, and not both");
        if (set.Path is not null && map.Entries.FirstOrDefault(e => e.Key != "path") is { } other)
        {
            throw new InvalidDataException($"{other.Where}: {path}.{other.Key} is about images that a generator of the study draws; those of "
                + "a path are taken as they are (understudy data import changes them)");
        }
        if (set.Generator is { } g)
        {
            Require(map, "generator", path, g, [.. generators.Select(x => x.Name)]);
            if (set.Count is < 1 or > 10_000_000)
            {
                throw new InvalidDataException(
                    $"{map.WhereIs("count")}: {path}.count: {set.Count} is out of range; give 1 to 10000000");
            }
        }
        return set;
    }

    private static ArmSpec Arm(string name, YamlMap map, IReadOnlyList<SetSpec> sets)
    {
        var path = $"arms.{name}";
        YamlBinder.RequireKnown(map, path, ["train_on", "labels", "description", "against"]);
        if (map["train_on"] is not YamlList { Items.Count: > 0 } list)
            throw new InvalidDataException(
                $"{map.WhereIs("train_on")}: {path}.train_on must be a list, such as [real] or [real, synthetic]");
        var parts = list.Items.Select(item =>
        {
            var part = item is YamlScalar { Text: var word }
                ? new(word) : YamlBinder.Bind<TrainingPart>(item, $"{path}.train_on");
            string[] known = [TrainingPart.Real, .. sets.Select(s => s.Name)];
            return known.Contains(part.Set) ? part
                : throw new InvalidDataException($"{item.Where}: {path}.train_on: there is no set "
                    + $"'{part.Set}'{Closest.Hint(part.Set, known)}");
        }).ToList();
        return new(name, parts,
            map["labels"] is { } labels ? YamlBinder.Value<LabelOrigin>(labels, $"{path}.labels") : LabelOrigin.Own,
            map["description"] is { } text ? YamlBinder.Value<string>(text, $"{path}.description") : null,
            map["against"] is { } other ? YamlBinder.Value<string>(other, $"{path}.against") : null);
    }

    private static ClassifierSpec Classifier(string name, YamlMap map, IReadOnlyList<ArmSpec> arms)
    {
        var path = $"classifiers.{name}";
        var weights = Weights(map, path);
        var normalise = weights?.Normalise() ?? Normalisation.None;
        var frozen = IsFrozen(map, path);
        if (weights is not null && map["recipe"] is { } recipe)
        {
            throw new InvalidDataException($"{map.WhereIs("recipe")}: {path}.recipe is a training from random weights; with weights "
                + $"give the network, arch: {ClassifierOptions.Recipe(YamlBinder.Value<string>(recipe, $"{path}.recipe")).Arch}");
        }
        var start = Preset(map, "recipe", path, ClassifierOptions.Recipe)
            ?? Preset(map, "arch", path, arch => weights is null ? ClassifierOptions.For(arch)
                : frozen ? ClassifierOptions.FrozenFeatures(arch, normalise) : ClassifierOptions.FineTune(arch, normalise))
            ?? throw new InvalidDataException($"{map.Where}: missing key 'recipe' (or 'arch') in {path}");
        if (map["size"] is { } size && map["early_size"] is null)
            start = start.AtSize(YamlBinder.Value<int>(size, $"{path}.size"));
        var options = YamlBinder.Bind(map.Without(["recipe", "arms", "seeds", .. AboutWeights]), path, start);
        var only = map["arms"] is { } list ? YamlBinder.Value<string[]>(list, $"{path}.arms") : null;
        foreach (var arm in only ?? []) Require(map, "arms", path, arm, [.. arms.Select(a => a.Name)]);
        return new(name, options, only, map["seeds"] is { } seeds ? Seeds(seeds, $"{path}.seeds") : null, weights);
    }

    /// <summary>What a classifier goes on from, or null for random weights: then nothing may be said of weights.</summary>
    private static ClassifierStart? Weights(YamlMap map, string path)
    {
        if (map["weights"] is not { } value)
        {
            var key = IsFrozen(map, path) ? "frozen" : AboutWeights.FirstOrDefault(k => map[k] is not null);
            if (key is null) return null;
            throw new InvalidDataException($"{map.WhereIs(key)}: {path}.{key} is about weights learnt elsewhere; "
                + "give their file with weights");
        }
        var file = ClassifierStart.Within(YamlBinder.Value<string>(value, $"{path}.weights"));
        if (!File.Exists(file))
        {
            throw new InvalidDataException($"{value.Where}: {path}.weights: {file} is no file; "
                + "docs/guide/weights.md says which to download");
        }
        string[] Names(string key) => map[key] is { } names ? YamlBinder.Value<string[]>(names, $"{path}.{key}") : [];
        var (fresh, surplus) = (Names("fresh"), Names("ignore"));
        return new(file, fresh.Length + surplus.Length > 0 ? new(fresh, surplus) : null);
    }

    private static bool IsFrozen(YamlMap map, string path) =>
        map["frozen"] is { } frozen && YamlBinder.Value<bool>(frozen, $"{path}.frozen");

    /// <summary>A number of seeds, or a list of them.</summary>
    private static int[] Seeds(YamlValue value, string path)
    {
        const int most = 1000;
        var number = value is YamlList ? 0 : YamlBinder.Value<int>(value, path);
        if (number > most)
            throw new InvalidDataException($"{value.Where}: {path}: {number} is out of range; give 1 to {most} seeds, or a list");
        var seeds = value is YamlList ? YamlBinder.Value<int[]>(value, path) : [.. Enumerable.Range(0, Math.Max(0, number))];
        return seeds.Length > 0 && seeds.All(s => s >= 0) && seeds.Distinct().Count() == seeds.Length ? seeds
            : throw new InvalidDataException($"{value.Where}: {path}: give a number of seeds of 1 or more, or a list of "
                + "different ones, such as [0, 1, 2]");
    }

    private static List<T> Named<T>(YamlMap root, string key, Func<string, YamlMap, T> make)
    {
        if (root[key] is not { } value) return [];
        var map = YamlBinder.Map(value, key);
        if (map.Entries.Count == 0)
            throw new InvalidDataException($"{map.Where}: {key} is empty; name at least one, or remove the key");
        return [.. map.Entries.Select(e => make(Name(e, key), YamlBinder.Map(e.Value, $"{key}.{e.Key}")))];
    }

    private static string Name(YamlEntry e, string key) =>
        e.Key.Length is > 0 and <= 60 && e.Key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && e.Key[0] != '.'
        ? e.Key : throw new InvalidDataException($"{e.Where}: {key}: '{e.Key}' becomes part of file names; use letters, digits, "
            + "'-', '_' and '.'");

    private static T? Preset<T>(YamlMap map, string key, string path, Func<string, T> get) where T : class
    {
        if (map[key] is not { } value) return null;
        try { return get(YamlBinder.Value<string>(value, $"{path}.{key}")); }
        catch (OptionException e) { throw new InvalidDataException($"{map.WhereIs(key)}: {path}.{e.Message}", e); }
    }

    private static void Require(YamlMap map, string key, string path, string name, IReadOnlyCollection<string> known)
    {
        if (!known.Contains(name))
            throw new InvalidDataException($"{map.WhereIs(key)}: {path}.{key}: there is no '{name}'{Closest.Hint(name, known)}");
    }

    /// <summary>"a.b=value": the value is read as YAML; the mapping it goes into must be there.</summary>
    private static YamlMap Change(YamlMap root, string change)
    {
        var at = change.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0) throw new OptionException($"--set {change}: give key=value, such as generators.g24.kimg=20");
        var keys = change[..at].Split('.');
        var value = YamlReader.Read($"value: {change[(at + 1)..]}", $"--set {change[..at]}").Entries[0].Value;
        return Put(root, keys, Placed(value, $"--set {change[..at]}"));
    }

    private static YamlMap Put(YamlMap map, ReadOnlySpan<string> keys, YamlValue value)
    {
        if (keys.Length == 1) return map.With(keys[0], value);
        return map[keys[0]] is YamlMap inner
            ? map with { Entries = [.. map.Entries.Select(Replace(keys[0], Put(inner, keys[1..], value)))] }
            : throw new InvalidDataException($"{value.Where}: the study has no mapping "
                + $"'{keys[0]}'{Closest.Hint(keys[0], [.. map.Entries.Select(e => e.Key)])}");
    }

    private static Func<YamlEntry, YamlEntry> Replace(string key, YamlMap inner) =>
        e => e.Key == key ? e with { Value = inner } : e;

    private static YamlValue Placed(YamlValue value, string where) => value switch
    {
        YamlList list => list with { Where = where, Items = [.. list.Items.Select(i => Placed(i, where))] },
        YamlMap map =>
            map with
            {
                Where = where,
                Entries = [.. map.Entries.Select(e => e with { Where = where, Value = Placed(e.Value, where) })]
            },
        _ => value with { Where = where },
    };
}
