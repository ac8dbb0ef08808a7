using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Reporting;
using Understudy.Studies;
using Understudy.Studies.Stages;
using Understudy.Tests.Training.Classification;
using Understudy.Training.Augmentation;
using Understudy.Training.Classification;

namespace Understudy.Tests.Studies;

/// <summary>Classifiers of a study that go on from weights learnt elsewhere, here a small classifier's.</summary>
[Collection("torch")]
public sealed class StudyWeightsTests : IDisposable
{
    private const string Yaml = """
        name: tuned
        question: Do weights help?
        data: { source: toy, count: 70, size: 16 }
        arms: { real: { train_on: [real] } }
        classifiers:
          head: { arch: screening, size: 16, batch: 16, epochs: 2, frozen: true, weights: W }
          tuned: { arch: screening, size: 16, batch: 16, epochs: 1, weights: W }
        """;

    private readonly TempFolder _temp = new();

    private string Weights => _temp["weights.safetensors"];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Parse_Weights_BringTheirOptionsAlong()
    {
        Write(Normalisation.None);
        var (head, tuned) = (Parse(Yaml).Classifiers[0], Parse(Yaml).Classifiers[1]);
        var (learning, all) = (ClassifierOptions.FrozenFeatures("screening", 0), ClassifierOptions.FineTune("screening", 0));
        Assert.Equal(learning.AtSize(16) with { Batch = 16, Epochs = 2 }, head.Options);
        Assert.Equal(all.AtSize(16) with { Batch = 16, Epochs = 1 }, tuned.Options);
        Assert.Equal(new ClassifierStart(Weights), head.Start);
        var random = tuned with { Start = null };
        Assert.Equal("weights weights.safetensors", ReportDifferences.Of(random, tuned));
        Assert.Equal("weights none", ReportDifferences.Of(tuned, random));

        // What the file says of its images, unless the study says otherwise; names that may differ.
        Write(Normalisation.Imagenet);
        Assert.Equal(Normalisation.Imagenet, Parse(Yaml).Classifiers[0].Options.Normalise);
        const string other = "weights: W, normalise: none, fresh: [conv1.], ignore: [aux.] }";
        var changed = Parse(Yaml.Replace("weights: W }", other, StringComparison.Ordinal)).Classifiers[1];
        Assert.Equal(Normalisation.None, changed.Options.Normalise);
        Assert.Equal(["conv1."], changed.Start!.Allowed!.Fresh);
        Assert.Equal(["aux."], changed.Start.Allowed.Ignored);
    }

    [Theory]
    [InlineData("frozen: true", "classifiers.head.frozen is about weights learnt elsewhere; give their file with weights")]
    [InlineData("fresh: [fc]", "classifiers.head.fresh is about weights learnt elsewhere; give their file with weights")]
    [InlineData("weights: none.pth",
        "classifiers.head.weights: none.pth is no file; docs/guide/weights.md says which to download")]
    [InlineData("frozen: perhaps, weights: W", "classifiers.head.frozen must be true or false, not 'perhaps'")]
    [InlineData("frozen: true, weights: W, layer_decay: 0.5",
        "classifiers.head.frozen: nothing below the last layer learns, at whatever rate; give layer_decay 1")]
    public void Parse_AFault_NamesFileLineAndFix(string bad, string message)
    {
        Write(Normalisation.None);
        var yaml = Yaml.Replace("frozen: true, weights: W", bad, StringComparison.Ordinal);
        var e = Assert.Throws<InvalidDataException>(() => Parse(yaml));
        Assert.Equal($"study.yaml:6: {message}", e.Message);
    }

    [Theory]
    [InlineData("arch: recipe-a, size: 64", 64, 64)]
    [InlineData("arch: resnet50, size: 48", 48, 48)]
    [InlineData("recipe: a, size: 64", 64, 32)]
    [InlineData("recipe: a, size: 24", 24, 24)]
    [InlineData("recipe: a, size: 64, early_size: 40", 64, 40)]
    [InlineData("recipe: a", 48, 32)]
    public void Parse_Size_IsFollowedByASizeThatNobodyWrote(string classifier, int size, int early)
    {
        var options = StudyFile.Parse($$"""
            name: sizes
            question: How large?
            data: { source: toy }
            arms: { real: { train_on: [real] } }
            classifiers: { c: { {{classifier}} } }
            """, "study.yaml").Classifiers[0].Options;
        Assert.Equal((size, early), (options.Size, options.EarlySize));
    }

    [Fact]
    public void Make_Weights_AreOneInputKnownByItsContent()
    {
        Write(Normalisation.None);
        var study = Parse(Yaml);
        var (plan, other) = (Plan.Make(study, 0, _ => "c1"), Plan.Make(study, 0, _ => "c2"));

        Assert.Equal(["draw faces", "split", "weights weights.safetensors", "selection real", "classifier real/head/0",
            "test real/head/0", "classifier real/tuned/0", "test real/tuned/0", "report"], plan.Stages.Select(s => s.Label));
        Assert.Equal(Weights, plan.Stages[2].Location);
        foreach (var at in new[] { 4, 6 }) Assert.Equal(plan.Stages[2].Id, plan.Stages[at].Of("weights").Id);
        Assert.Equal(plan.Hash, Plan.Make(study, 0, _ => "c1").Hash);
        foreach (var (a, b) in plan.Stages.Zip(other.Stages)) Assert.Equal(a.Kind is "data" or "split" or "select", a.Id == b.Id);
        var setting = new Setting("classifier tuned", "weights", "weights.safetensors");
        Assert.Contains(setting, plan.Report.Read<ReportStageOptions>().Settings);
    }

    [Fact]
    public void Stages_FrozenAndTuned_GoOnFromTheFile()
    {
        var data = Stripes.Data(Stripes.Draw(40), 32, 8);
        var once = Stripes.Options with { Epochs = 1 };
        var start = ClassifierTrainer.Train(once, data, _temp["start"], 1, ProgressSink.None, default).File;
        File.Copy(start, Weights);
        var plan = Plan.Make(Parse(Yaml), 0, InputContent.HashOf);
        foreach (var stage in plan.Stages.Where(s => s.Kind is not ("predict" or "report")))
            new StageFolder(_temp["stages"], stage).Work(StageKinds.Get(stage.Kind), 1, ProgressSink.None, default);

        string FolderOf(string label) => Path.Combine(_temp["stages"], plan.Stages.Single(s => s.Label == label).Id);
        var kept = FolderOf("weights weights.safetensors");
        Assert.Equal(File.ReadAllBytes(start), File.ReadAllBytes(Path.Combine(kept, WeightsStage.File)));
        Assert.True(File.Exists(Path.Combine(kept, StageFolder.RestrictedFile)));
        // Features of training and validation images stand beside the weights, for other arms and seeds.
        Assert.Equal(2, Directory.GetFiles(Path.Combine(kept, "features"), "*.safetensors").Length);
        Assert.False(Directory.Exists(Path.Combine(FolderOf("classifier real/head/0"), ClassifierStage.Folder, "features")));

        var given = SafetensorsFile.Read(start);
        SafetensorsContent Of(string classifier) =>
            SafetensorsFile.Read(Path.Combine(FolderOf($"classifier real/{classifier}/0"), ClassifierStage.File));
        Assert.True(given["conv1.weight"].Data.Span.SequenceEqual(Of("head")["conv1.weight"].Data.Span));
        Assert.False(given["conv1.weight"].Data.Span.SequenceEqual(Of("tuned")["conv1.weight"].Data.Span));
        Assert.Equal([7, 128], Of("tuned")["fc.weight"].Shape);
    }

    /// <summary>A run's folder says what its classifier has seen; a copy of the file alone does not.</summary>
    [Fact]
    public void Stages_WeightsThatHaveSeenTheTestImages_AreRefused()
    {
        var run = _temp["run"];
        var file = Path.Combine(run, ClassifierTrainer.FileName);
        Directory.CreateDirectory(run);
        Write(Normalisation.None);
        File.Copy(Weights, file);
        var plan = Plan.Make(Parse(Yaml, file), 0, InputContent.HashOf);
        void Work(string kind)
        {
            foreach (var stage in plan.Stages.Where(s => s.Kind == kind))
                new StageFolder(_temp["stages"], stage).Work(StageKinds.Get(kind), 1, ProgressSink.None, default);
        }
        Array.ForEach(["data", "split", "select"], Work);
        var split = Split.Load(Path.Combine(_temp["stages"], plan.Stages[1].Id, SplitStage.File));
        var images = ImageSetFile.Load(Path.Combine(_temp["stages"], plan.Stages[0].Id, DataStage.Images));
        string[] tested = [.. split.Indices(images, Role.Test).Select(i => images.Ids[i])];
        string[] others = [.. images.Ids.Except(tested)];

        new SeenImages([("real", tested[0]), ("real", others[0])], [tested[1]]).Save(run);
        plan = Plan.Make(Parse(Yaml, file), 0, InputContent.HashOf);
        var e = Assert.Throws<OptionException>(() => Work("weights"));
        Assert.StartsWith($"{file}: 2 of the study's {tested.Length} test images have ids that trained or chose it (images.csv",
            e.Message, StringComparison.Ordinal);

        new SeenImages([.. others.Select(id => ("real", id))], []).Save(run);
        Assert.Throws<InvalidDataException>(() => Work("weights"));             // not what the plan knows it by
        plan = Plan.Make(Parse(Yaml, file), 0, InputContent.HashOf);
        Array.ForEach(["weights", "classifier"], Work);
    }

    [Fact]
    public void Make_AGeneratorAndWeights_WeightsComeFirst()
    {
        Write(Normalisation.None);
        var yaml = Yaml.Replace("arms:", "generators: { g: { preset: cpu-tiny, resolution: 16, kimg: 1 } }\narms:", StringComparison.Ordinal);
        var labels = Plan.Make(Parse(yaml), 0, _ => "c").Stages.Select(s => s.Label).ToList();
        Assert.True(labels.IndexOf("weights weights.safetensors") < labels.IndexOf("generator g"), string.Join(", ", labels));
    }

    [Fact]
    public void Weights_ChangedSinceTheStudyWasPlanned_AreRefused()
    {
        Write(Normalisation.None);
        var stage = Plan.Make(Parse(Yaml), 0, _ => "as it was").Stages.Single(s => s.Kind == "weights");
        var folder = new StageFolder(_temp["stages"], stage);
        var e = Assert.Throws<InvalidDataException>(() => folder.Work(StageKinds.Get("weights"), 1, ProgressSink.None, default));
        Assert.Equal($"{Weights}: was changed while the study ran; run it again", e.Message);
        Assert.False(folder.IsDone);
    }

    private Study Parse(string yaml) => Parse(yaml, Weights);

    private static Study Parse(string yaml, string weights) =>
        StudyFile.Parse(yaml.Replace("weights: W", $"weights: '{weights}'", StringComparison.Ordinal), "study.yaml");

    private void Write(Normalisation normalise)
    {
        using var net = ClassifierNet.Uninitialised("screening", new(1, 16, 16), 3, 0, normalise);
        var options = ClassifierOptions.For("screening") with { Normalise = normalise, Augment = ImageAugmentOptions.None };
        TrainedClassifier.Save(Weights, net, new(options, Stripes.Classes, 1, "", 0, new(1, 1, 0, 0, 0)));
    }
}
