using Understudy.Common;
using Understudy.Studies.Kinds;
using Understudy.Training;

namespace Understudy.Studies;

/// <summary>
/// A study as a graph of stages, inputs first: data → split → judges → generators → sets → selections → classifiers → predictions → report.
/// Its shape is a function of the resolved study, the root seed and the content of the data; names of arms and sets are not part of it,
/// so equal work of two arms, or of two studies, is done once.
/// </summary>
internal sealed record Plan(string Name, IReadOnlyList<Stage> Stages)
{
    public Stage Report => Stages[^1];

    /// <summary>64 digits: equal only where every stage is, and what the report says of them.</summary>
    public string Hash => Fingerprint.Of("plan/1", Name, Report.Id);

    /// <param name="content">The content hash of a path that the study reads (<see cref="InputContent"/>).</param>
    public static Plan Make(Study study, ulong rootSeed, Func<string, string> content) => new Builder(study, rootSeed, content).Build();

    private sealed class Builder(Study study, ulong root, Func<string, string> content)
    {
        private readonly List<Stage> _stages = [];
        private readonly List<(string Name, Stage Stage)> _judges = [];

        public Plan Build()
        {
            var data = study.Data.Toy is { } toy
                ? Add("draw faces", "data", "data", new DataStageOptions(toy with { Seed = Seeds.For(root, "data") }, study.Data.Reading, null), [])
                : Add("read images", "data", "", new DataStageOptions(null, study.Data.Reading, content(study.Data.Path!)), [], 0, Path.GetFullPath(study.Data.Path!));
            var split = Add("split", "split", "", new SplitStageOptions(study.Split.Shares with { Seed = Seeds.For(root, "split") }, study.Split.KeepCopiesTogether), [("data", data)]);
            var generators = new Dictionary<string, Stage>();
            foreach (var g in study.Generators) generators[g.Name] = Generator(g, generators, [("data", data), ("split", split)]);
            var runs = new List<ReportRun>();
            var inputs = new List<(string, Stage)> { ("data", data), ("split", split) };
            inputs.AddRange(generators.Select(g => ($"generator {g.Key}", g.Value)));
            inputs.AddRange(_judges);
            if (study.Scoring.Deduplicated)
                inputs.Add((CopiesStage.Input, Add("find copies", "copies", "", new CopiesStageOptions(study.Test, study.Scoring.Threshold), [("data", data), ("split", split)])));
            if (study.Scoring.Ferplus is { } votes)
                inputs.Add((VotesStage.Input, Add("FER+ labels", "votes", "", new VotesStageOptions(study.Test, study.Scoring.Votes, content(votes)), [("data", data), ("split", split)], 0, Path.GetFullPath(votes))));
            foreach (var arm in study.Arms)
            {
                foreach (var classifier in study.Classifiers.Where(c => c.Arms?.Contains(arm.Name) ?? true))
                {
                    foreach (var seed in classifier.Seeds ?? study.Seeds)
                    {
                        var sets = arm.TrainOn.Where(p => p.Set != TrainingPart.Real).Select(p => p.Set).Distinct()
                            .Select(s => ($"set {s}", Set(study.Sets.First(x => x.Name == s), generators, seed))).ToList();
                        var selection = Select(arm, seed, [("data", data), ("split", split), .. sets]);
                        var name = $"{arm.Name}/{classifier.Name}/{seed}";
                        var trained = Add($"classifier {name}", "classifier", "classifier", classifier.Options,
                            [("data", data), ("split", split), ("selection", selection), .. sets, .. Weights(classifier)], seed);
                        var predicted = Add($"test {name}", "predict", "", new PredictStageOptions(study.Test), [("data", data), ("split", split), ("classifier", trained)]);
                        runs.Add(new(arm.Name, classifier.Name, seed));
                        inputs.AddRange([($"selection {name}", selection), ($"classifier {name}", trained), ($"predictions {name}", predicted), .. sets]);
                    }
                }
            }
            Add("report", "report", "report", ReportStageOptions.Of(study, root, runs), [.. inputs.DistinctBy(i => i.Item1)]);
            return new(study.Name, [.. _stages.DistinctBy(s => s.Id)]);
        }

        /// <summary>A start in this study is an input; one that lies elsewhere is a path, known by its content.</summary>
        private Stage Generator(GeneratorSpec g, Dictionary<string, Stage> before, List<(string, Stage)> inputs)
        {
            var start = g.From is { } name && before.TryGetValue(name, out var earlier) ? earlier : null;
            var file = g.From is { } path && start is null ? TransferSource.FileOf(path) : null;
            return Add($"generator {g.Name}", "generator", "generator", new GeneratorStageOptions(g.Resolution, g.TrainOn, g.Options, file is null ? null : content(file)),
                [.. inputs, .. Judge(g, inputs), .. start is null ? [] : new[] { (GeneratorStage.Start, start) }], g.Seed, file);
        }

        /// <summary>Of real images with the role judge, by a seed that no arm's classifier has: the one input more of a generator that has a judge.</summary>
        private List<(string, Stage)> Judge(GeneratorSpec generator, List<(string, Stage)> inputs)
        {
            if (generator.Judge is not { } name) return [];
            var selection = Add("selection judge", "select", "select", new SelectStageOptions([new(TrainingPart.Real, Role: Data.Role.Judge)], Labels.Own), inputs);
            var classifier = study.Classifiers.First(c => c.Name == name);
            var judge = Add($"judge {name}", "classifier", "judge", classifier.Options,
                [.. inputs, ("selection", selection), .. Weights(classifier)]);
            _judges.AddRange([($"selection judge/{name}", selection), ($"classifier judge/{name}", judge)]);
            return [("judge", judge)];
        }

        /// <summary>A file that a classifier starts from, known by its content: the one input more that it then has.</summary>
        private List<(string, Stage)> Weights(ClassifierSpec classifier) => classifier.Start is not { } start ? []
            : [(WeightsStage.Input, Add($"weights {Path.GetFileName(start.Path)}", "weights", "",
                new WeightsStageOptions(content(start.Path), start.Allowed), [], 0, Path.GetFullPath(start.Path)))];

        private Stage Set(SetSpec set, Dictionary<string, Stage> generators, int seed) => set.Path is { } path
            ? Add($"read {set.Name}", "data", "", new DataStageOptions(null, Data.ImageReading.AsIs, content(path)), [], 0, Path.GetFullPath(path))
            : Add($"set {set.Name}{(set.PerSeed ? $"/{seed}" : "")}", "generate", set.Seed == 0 ? "generate" : $"generate/{set.Seed}", new GenerateStageOptions(set.Count, set.Size, set.Sampling, set.Snapshot),
                [("generator", generators[set.Generator!])], set.PerSeed ? seed : 0);

        /// <summary>Where a selection draws by chance, every seed has its own; else all seeds share one.</summary>
        private Stage Select(ArmSpec arm, int seed, List<(string, Stage)> inputs)
        {
            var chance = arm.Labels == Labels.Shuffled || arm.TrainOn.Any(p => p.Fraction < 1);
            return Add($"selection {arm.Name}{(chance ? $"/{seed}" : "")}", "select", "select", new SelectStageOptions(arm.TrainOn, arm.Labels), inputs, chance ? seed : 0);
        }

        /// <param name="purpose">What its seed is for: equal purposes and indices draw equal numbers; empty for a stage without chance.</param>
        private Stage Add<T>(string label, string kind, string purpose, T options, List<(string Name, Stage Stage)> inputs, int seed = 0, string? location = null)
        {
            var stage = new Stage(label, kind, StageKinds.Get(kind).Version, purpose == "" ? 0 : Seeds.For(root, purpose, seed), StrictJson.WriteLine(options),
                [.. inputs.Select(i => new StageInput(i.Name, i.Stage.Id))], location);
            _stages.Add(stage);
            return stage;
        }
    }

}
