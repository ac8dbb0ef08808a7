using Understudy.Common;
using Understudy.Studies.Stages;
using Understudy.Training;

namespace Understudy.Studies;

/// <summary>
/// A study as a graph of stages, inputs first: data → split → weights → judges → generators → sets → selections → classifiers →
/// predictions → report. Its shape is a function of the resolved study, the root seed and the content of the data; names of arms
/// and sets are not part of it, so equal work of two arms, or of two studies, is done once.
/// </summary>
internal sealed record Plan(string Name, IReadOnlyList<Stage> Stages)
{
    public Stage Report => Stages[^1];

    /// <summary>64 digits: equal only where every stage is, and what the report says of them.</summary>
    public string Hash => Fingerprint.Of("plan/1", Name, Report.Id);

    /// <param name="content">The content hash of a path that the study reads (<see cref="InputContent"/>).</param>
    public static Plan Make(Study study, ulong rootSeed, Func<string, string> content) =>
        new Builder(study, rootSeed, content).Build();

    private sealed class Builder(Study study, ulong root, Func<string, string> content)
    {
        private readonly List<Stage> _stages = [];
        private readonly List<(string Name, Stage Stage)> _judges = [];

        /// <summary>By classifier: the file it starts from, or nothing.</summary>
        private Dictionary<string, List<(string Name, Stage Stage)>> _weights = [];

        public Plan Build()
        {
            var data = Data();
            var split = Add("split", SplitStage.Kind, new SplitStageOptions(
                study.Split.Shares with { Seed = Seeds.For(root, "split") }, study.Split.KeepCopiesTogether),
                    inputs: [(StageInputs.Data, data)]);
            List<(string Name, Stage Stage)> real = [(StageInputs.Data, data), (StageInputs.Split, split)];
            // First, so that a file that cannot be used is refused before hours of training.
            _weights = study.Classifiers.ToDictionary(c => c.Name, c => Weights(c, real), StringComparer.Ordinal);
            var generators = new Dictionary<string, Stage>();
            foreach (var g in study.Generators) generators[g.Name] = Generator(g, generators, real);
            var runs = new List<ReportRun>();
            var inputs = new List<(string Name, Stage Stage)>(real);
            inputs.AddRange(generators.Select(g => ($"{StageInputs.Generator} {g.Key}", g.Value)));
            inputs.AddRange(_judges);
            if (study.Scoring.Deduplicated)
            {
                inputs.Add((StageInputs.Copies,
                    Add("find copies", CopiesStage.Kind, new CopiesStageOptions(study.Test, study.Scoring.Threshold),
                        inputs: real)));
            }
            if (study.Scoring.Ferplus is { } votes)
            {
                inputs.Add((StageInputs.Votes, Add("FER+ labels", VotesStage.Kind,
                    new VotesStageOptions(study.Test, study.Scoring.Votes, content(votes)), inputs: real,
                        location: Path.GetFullPath(votes))));
            }
            foreach (var arm in study.Arms)
            {
                foreach (var classifier in study.Classifiers.Where(c => c.Arms?.Contains(arm.Name) ?? true))
                {
                    foreach (var seed in classifier.Seeds ?? study.Seeds)
                    {
                        runs.Add(new(arm.Name, classifier.Name, seed));
                        inputs.AddRange(Run(arm, classifier, seed, generators, real));
                    }
                }
            }
            Add("report", ReportStage.Kind, ReportStageOptions.Of(study, root, runs),
                inputs: [.. inputs.DistinctBy(i => i.Name)], purpose: "report");
            return new(study.Name, [.. _stages.DistinctBy(s => s.Id)]);
        }

        private Stage Data() => study.Data.Toy is { } toy
            ? Add("draw faces", DataStage.Kind,
                new DataStageOptions(toy with { Seed = Seeds.For(root, "data") }, study.Data.Reading, Content: null),
                inputs: [], purpose: "data")
            : Add("read images", DataStage.Kind, new DataStageOptions(Toy: null, study.Data.Reading, content(study.Data.Path!)),
                inputs: [], location: Path.GetFullPath(study.Data.Path!));

        /// <summary>
        /// One classifier of one arm and seed: what it is taught, its training and its test, as the report reads them.
        /// </summary>
        private List<(string Name, Stage Stage)> Run(
            ArmSpec arm, ClassifierSpec classifier, int seed, Dictionary<string, Stage> generators,
            List<(string Name, Stage Stage)> real)
        {
            var sets = arm.TrainOn.Where(p => p.Set != TrainingPart.Real).Select(p => p.Set).Distinct()
                .Select(s => (Name: $"{StageInputs.Set} {s}", Stage: Set(study.Sets.First(x => x.Name == s), generators, seed)))
                .ToList();
            var selection = Select(arm, seed, [.. real, .. sets]);
            var name = $"{arm.Name}/{classifier.Name}/{seed}";
            var trained = Add($"classifier {name}", ClassifierStage.Kind, classifier.Options,
                inputs: [.. real, (StageInputs.Selection, selection), .. sets, .. _weights[classifier.Name]], purpose: "classifier",
                    seed: seed);
            var predicted = Add($"test {name}", PredictStage.Kind, new PredictStageOptions(study.Test),
                inputs: [.. real, (StageInputs.Classifier, trained)]);
            return [($"{StageInputs.Selection} {name}", selection), ($"{StageInputs.Classifier} {name}", trained),
                ($"{StageInputs.Predictions} {name}", predicted), .. sets];
        }

        /// <summary>A start in this study is an input; one that lies elsewhere is a path, known by its content.</summary>
        private Stage Generator(GeneratorSpec g, Dictionary<string, Stage> before, List<(string Name, Stage Stage)> real)
        {
            var start = g.From is { } name && before.TryGetValue(name, out var earlier) ? earlier : null;
            var file = g.From is { } path && start is null ? TransferSource.FileOf(path) : null;
            return Add($"generator {g.Name}", GeneratorStage.Kind,
                new GeneratorStageOptions(g.Resolution, g.TrainOn, g.Options, file is null ? null : content(file)),
                inputs: [.. real, .. Judge(g, real), .. start is null ? [] : new[] { (StageInputs.Start, start) }],
                purpose: "generator", seed: g.Seed, location: file);
        }

        /// <summary>
        /// Of real images with the role judge, by a seed that no arm's classifier has: the one input more of a generator that has
        /// a judge.
        /// </summary>
        private List<(string Name, Stage Stage)> Judge(GeneratorSpec generator, List<(string Name, Stage Stage)> real)
        {
            if (generator.Judge is not { } name) return [];
            var selection = Add("selection judge", SelectStage.Kind,
                new SelectStageOptions([new(TrainingPart.Real, Role: Understudy.Data.Role.Judge)], LabelOrigin.Own),
                    inputs: real, purpose: "select");
            var classifier = study.Classifiers.First(c => c.Name == name);
            var judge = Add($"judge {name}", ClassifierStage.Kind, classifier.Options,
                inputs: [.. real, (StageInputs.Selection, selection), .. _weights[classifier.Name]], purpose: "judge");
            _judges.AddRange(
                [($"{StageInputs.Selection} judge/{name}", selection), ($"{StageInputs.Classifier} judge/{name}", judge)]);
            return [(StageInputs.Judge, judge)];
        }

        /// <summary>A file that a classifier starts from, known by its content: the one input more that it then has.</summary>
        private List<(string Name, Stage Stage)> Weights(ClassifierSpec classifier, List<(string Name, Stage Stage)> real) =>
            classifier.Start is not { } start ? []
            : [(StageInputs.Weights, Add($"weights {Path.GetFileName(start.Path)}", WeightsStage.Kind,
                new WeightsStageOptions(content(start.Path),
                    start.SeenFile() is { } seen ? content(seen) : null,
                    start.Allowed, study.Test), inputs: real,
                    location: Path.GetFullPath(start.Path)))];

        private Stage Set(SetSpec set, Dictionary<string, Stage> generators, int seed) => set.Path is { } path
            ? Add($"read {set.Name}", DataStage.Kind,
                new DataStageOptions(Toy: null, Understudy.Data.ImageReading.AsIs, content(path)),
                inputs: [], location: Path.GetFullPath(path))
            : Add($"set {set.Name}{(set.PerSeed ? $"/{seed}" : "")}", GenerateStage.Kind,
                new GenerateStageOptions(set.Count, set.Size, set.Sampling, set.Snapshot),
                inputs: [(StageInputs.Generator, generators[set.Generator!])],
                purpose: set.Seed == 0 ? "generate" : $"generate/{set.Seed}", seed: set.PerSeed ? seed : 0);

        /// <summary>Where a selection draws by chance, every seed has its own; else all seeds share one.</summary>
        private Stage Select(ArmSpec arm, int seed, List<(string Name, Stage Stage)> inputs)
        {
            var chance = arm.Labels == LabelOrigin.Shuffled || arm.TrainOn.Any(p => p.Fraction < 1);
            return Add($"selection {arm.Name}{(chance ? $"/{seed}" : "")}", SelectStage.Kind,
                new SelectStageOptions(arm.TrainOn, arm.Labels),
                inputs: inputs, purpose: "select", seed: chance ? seed : 0);
        }

        /// <param name="purpose">What its seed is for: equal purposes and indices draw equal numbers; null for a stage without
        /// chance.</param>
        private Stage Add<T>(string label, string kind, T options, List<(string Name, Stage Stage)> inputs,
            string? purpose = null, int seed = 0,
            string? location = null)
        {
            var stage = new Stage(label, kind, StageKinds.Get(kind).Version, purpose is null ? 0 : Seeds.For(root, purpose, seed),
                StrictJson.WriteLine(options), [.. inputs.Select(i => new StageInput(i.Name, i.Stage.Id))], location);
            _stages.Add(stage);
            return stage;
        }
    }
}
