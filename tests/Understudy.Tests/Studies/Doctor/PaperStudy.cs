using TorchSharp;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Networks.StyleGan2;
using Understudy.Studies;
using Understudy.Studies.Doctor;
using Understudy.Studies.Stages;
using Understudy.Synthesis;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Tests.Studies.Doctor;

/// <summary>
/// A study on the disk in which nothing was trained: a real plan, real split and selections, and the other stages' files through
/// their real writers, with predictions as a classifier of some accuracy makes them. Faults are planted by replacing what a stage
/// writes.
/// </summary>
internal sealed record PaperStudy : IDisposable
{
    public const string PlainYaml = """
        name: paper
        question: Is anything wrong?
        data: { source: toy, count: 100 }
        split: { generator: 0.5, validation: 0.1, test: 0.4 }
        generators:
          g: { preset: cpu-tiny, resolution: 16, kimg: 1 }
        sets:
          synthetic: { generator: g, count: 14 }
        arms:
          real: { train_on: [real] }
          synthetic: { train_on: [synthetic] }
          shuffled: { train_on: [real], labels: shuffled }
        classifiers:
          net: { recipe: screening }
        """;

    private readonly TempFolder _temp = new();

    public ulong Seed { get; init; } = 1;

    public int Classes { get; init; } = 7;

    public int Images { get; init; } = 400;

    /// <summary>1: as many of every class; 20: the commonest class is twenty times the rarest.</summary>
    public double Imbalance { get; init; } = 1;

    public double Accuracy { get; init; } = .6;

    /// <summary>How often a mistake is the class's favourite one; the others are drawn by how common classes are.</summary>
    public double Favourite { get; init; } = .3;

    public string Yaml { get; init; } = PlainYaml;

    public Func<ImageSet, ImageSet> Data { get; init; } = set => set;

    /// <summary>Of the classifier that was trained on real images.</summary>
    public Func<Predictions, Predictions> Tested { get; init; } = p => p;

    public Func<SeenImages, Split, SeenImages> Seen { get; init; } = (seen, _) => seen;

    public Func<string[], string[]> GeneratorClasses { get; init; } = names => names;

    public Func<string, string> ClassifierSplit { get; init; } = hash => hash;

    public string Folder => _temp["study"];

    private string Stages => _temp["stages"];

    /// <summary>Writes it all.</summary>
    public PaperStudy Write()
    {
        var plan = Plan.Make(StudyFile.Parse(Yaml, "paper"), Seed, _ => "");
        foreach (var stage in plan.Stages.Where(s => s.Kind != "report"))
        {
            var kind = stage.Kind is "split" or "select"
                ? StageKinds.Get(stage.Kind) : new Written(stage.Kind, s => Fill(stage, s));
            new StageFolder(Stages, stage).Work(kind, 1, ProgressSink.None, default);
        }
        PlanFile.Of(plan, "paper", Seed, Folder, Stages, null).Save(Folder);
        return this;
    }

    public IReadOnlyList<Complaint> Examine(bool copies = true) =>
        Examination.Of(new ArtefactReader(ImageReading.AsIs, ProgressSink.None).Read(Folder, alone: true), copies,
            ProgressSink.None, default);

    public string FileOf(string label, string file) =>
        Path.Combine(Stages, PlanFile.Find(Folder)!.Stages.Single(s => s.Label == label).Id, file);

    public void Dispose() => _temp.Dispose();

    private void Fill(Stage stage, StageContext s)
    {
        var real = stage.Kind == "data" ? Data(Draw("img", Images, Imbalance)) : stage.Kind == "generate" ? null
            : ImageSetFile.Load(s.Input("data", DataStage.Images));
        var split = stage.Kind is "data" or "generate" ? null : Split.Load(s.Input("split", SplitStage.File));
        switch (stage.Kind)
        {
            case "data":
                ImageSetFile.Save(s.Output(DataStage.Images), real!);
                break;
            case "generator":
                var learned = GeneratorStage.Images(real!, split!, stage.Read<GeneratorStageOptions>());
                SaveGenerator(s.Output(GeneratorStage.File), GeneratorClasses([.. real!.Classes]), learned.Fingerprint,
                    split!.Hash);
                break;
            case "generate":
                var card = GeneratorFile.ReadCard(s.Input("generator", GeneratorStage.File));
                var drawn = Draw("syn", stage.Read<GenerateStageOptions>().Count, 1);
                var set = new ImageSet(new(card.Classes), drawn.Shape, [.. drawn.Ids], [.. drawn.Labels], drawn.Pixels.ToArray());
                SaveSet(s.Output(GenerateStage.Zip), set, card);
                // What classifiers read is in the data's order: the stage of the selection would refuse another.
                ImageSetFile.Save(s.Output(DataStage.Images), drawn);
                break;
            case "classifier":
                var selection = Selection.Load(s.Input("selection", SelectStage.File), real!.Classes);
                var validation = real.Subset(split!.Indices(real, Role.Validation));
                var seen = SeenImages.Of(new(selection, new Dictionary<string, ImageSet>(), validation, split.Hash));
                SaveClassifier(s.Output(ClassifierStage.Folder), real.Classes, ClassifierSplit(split.Hash), Seen(seen, split));
                break;
            case "predict":
                var tested = real!.Subset(split!.Indices(real, stage.Read<PredictStageOptions>().Test));
                var arm = stage.Label.Split(' ', '/')[1];
                var said = Predict(tested, arm switch { "real" => Accuracy, "shuffled" => 0, _ => Math.Max(.9 * Accuracy, .2) },
                    Seed, Favourite);
                (arm == "real" ? Tested(said) : said).Save(s.Output(PredictStage.File));
                break;
            default: throw new InvalidOperationException(stage.Kind);
        }
    }

    public static void SaveGenerator(string file, string[] classes, string data, string split)
    {
        var options = new GeneratorOptions { Resolution = 8, ChannelBase = 32, ZDim = 4, WDim = 4 };
        using var generator = new Generator(options, 1);
        GeneratorFile.Save(file, generator, new(options with { LabelDim = classes.Length }, classes, data, split, 1, 1000));
    }

    public static void SaveClassifier(string folder, ClassNames classes, string split, SeenImages? seen)
    {
        using var net = torch.nn.Linear(1, 1);
        TrainedClassifier.Save(Path.Combine(folder, ClassifierTrainer.FileName), net,
            new(ClassifierOptions.Recipe("screening"), classes, 1, split, 1, new(1, 1, 1, .5, 1)));
        seen?.Save(folder);
    }

    public static void SaveSet(string zip, ImageSet set, GeneratorCard card) =>
        ImageSetWriter.Write(zip, set, StrictJson.Write(new Manifest(Manifest.CurrentFormat, "tests", [.. set.Classes],
        set.CountsPerClass(), set.Shape, "hash", card.Data, card.Split, new SamplingOptions(), "",
            [.. set.Ids.Select((id, i) => new ManifestImage(id, set.Classes[set.Labels[i]], i))])), null, ProgressSink.None);

    /// <summary>Pictures that are copies of none: noise.</summary>
    private ImageSet Draw(string name, int count, double imbalance)
    {
        var random = new KeyedRandom(Seed, $"paper/{name}");
        var pixels = new byte[count * 64];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)random.Next(256);
        double[] weight = [.. Enumerable.Range(0, Classes).Select(k => Math.Pow(imbalance, -k / Math.Max(1.0, Classes - 1)))];
        var labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            var at = (i + .5) / count * weight.Sum();
            while ((at -= weight[labels[i]]) > 0 && labels[i] < Classes - 1) labels[i]++;
        }
        return new(new(Enumerable.Range(0, Classes).Select(k => $"class-{k}")), new(1, 8, 8),
            [.. Enumerable.Range(0, count).Select(i => $"{name}-{i:0000}")], labels, pixels);
    }

    /// <param name="accuracy">0: knows nothing, and says the commonest class mostly.</param>
    public static Predictions Predict(ImageSet set, double accuracy, ulong seed, double favourite = .3)
    {
        var random = new KeyedRandom(seed, "paper/predictions");
        var classes = set.Classes.Count;
        var favourites = random.Permutation(classes);
        var p = new float[set.Count, classes];
        for (int i = 0; i < set.Count; i++)
        {
            var truth = set.Labels[i];
            var said = random.Uniform() < accuracy
                ? truth : accuracy > 0 && random.Uniform() < favourite ? favourites[truth] : set.Labels[random.Next(set.Count)];
            double sum = 0;
            for (int k = 0; k < classes; k++)
                sum += p[i, k] = (float)(random.Uniform() * (k == said ? 1 : .5) + (k == said ? .6 : .01));
            for (int k = 0; k < classes; k++) p[i, k] = (float)(p[i, k] / sum);
        }
        return new([.. set.Classes], set.Ids, set.Labels, p);
    }

    private sealed class Written(string kind, Action<StageContext> write) : StageKind(kind, 1)
    {
        public override void Run(StageContext stage) => write(stage);
    }
}
