using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Reporting;
using Understudy.Studies.Doctor;
using Understudy.Training;

namespace Understudy.Studies.Stages;

/// <summary>Scores every test and writes the report, with copies of the predictions that all its numbers come from.</summary>
internal sealed class ReportStage() : StageKind(Kind, 8)
{
    public const string Kind = "report";

    private const int ImagesPerStrip = 12;

    public override void Run(StageContext stage)
    {
        var options = stage.Options<ReportStageOptions>();
        var real = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        var split = Split.Load(stage.Input(StageInputs.Split, SplitStage.File));
        var about = StrictJson.ReadFile<DataSummary>(stage.Input(StageInputs.Data, DataStage.Summary));
        var runs = options.Arms.Sum(a => a.Runs.Count);
        var done = 0;
        var arms = options.Arms.Select(a =>
            new ArmResult(a.Name, a.Description, a.Kind,
                [.. a.Runs.Select(r => Read(stage, r, () => stage.Progress.Report("read tests", ++done, runs, "test")))])
            {
                Classifier = a.Classifier,
                Against = a.Against,
                TrainedOn = a.Runs[0].Arm,
                Differs = a.Differs,
                RealAssisted = a.RealAssisted,
                TrainingImages = Selection.Load(stage.Input($"{StageInputs.Selection} {a.Runs[0].Key}", SelectStage.File),
                real.Classes).Rows.Count,
            }).ToList();
        stage.Cancel.ThrowIfCancellationRequested();
        stage.Progress.Report("score", 0, 1, "report");
        var spent = stage.Spent().ToList();
        ReportWriter.Write(stage.Output(""), new()
        {
            Name = options.Name,
            Question = options.Question,
            Classes = [.. real.Classes],
            Data = new(about.Source,
                [.. Enum.GetValues<Role>().Select(r => Counts(real, split, r)).Where(c => c.Counts.Sum() > 0)])
            {
                SplitHash = split.Hash,
                TestSet = options.Test == Role.Test
                    ? "the test part of the split" : $"the {options.Test.Word()} part of the split",
            },
            Arms = arms,
            Generators = [
                .. options.Generators.Select(g =>
                    Generator(stage, g, about.Drawn ? real.Subset(split.Indices(real, Role.Generator)) : null))],
            Scorings = ReportScorings.Of(stage, options),
            TestClusters = options.Scoring.Deduplicated
                ? IdTable.Read(stage.Input(StageInputs.Copies, CopiesStage.Clusters), "group") : null,
            NotRun = options.Scoring is { WantsFerplus: true, Ferplus: null } ? [ReportScorings.NoVotes] : [],
            References = options.References,
            Settings = options.Settings,
            Seeds = [.. options.Seeds.Select(s => (ulong)s)],
            Warnings = [.. about.Skipped.Count == 0 ? []
                : (string[])[$"{about.Skipped.Count} files of the source could not be read and were left out, the first: {about.Skipped[0]}."], .. Alarms(stage)],
            Times = [.. spent.Select(s => new StageTime(s.Name, s.Seconds))],
            Environment = [.. spent.Where(s => s.Environment is not null).Select(s => s.Environment!).Distinct()
                .SelectMany(Machine)],
        });
    }

    /// <summary>
    /// What the doctor has to say of the study. Copies of test images are looked for by a stage of their own, where the study
    /// asks for it.
    /// </summary>
    private static IEnumerable<string> Alarms(StageContext stage) =>
        Examination.Of(StudyArtefacts.Of([.. stage.Finished()]), copies: false, stage.Progress, stage.Cancel)
            .Where(c => c.Finding.IsAlarm).Select(c => $"{c.About}: {c.Finding.Message}");

    private static IEnumerable<Setting> Machine(string environment) =>
        StrictJson.Read<Dictionary<string, System.Text.Json.JsonElement>>(environment, RunDirectory.EnvironmentName)
            .Select(e => new Setting("machine", e.Key, e.Value.ToString()));

    private static ArmRun Read(StageContext stage, ReportRun run, Action tick)
    {
        // A character that names cannot hold: "real-aug/cnn" and "real/aug-cnn" are two files.
        var copy = $"predictions/{run.Key.Replace('/', '+')}.csv";
        var from = stage.Input($"{StageInputs.Predictions} {run.Key}", PredictStage.File);
        Directory.CreateDirectory(stage.Output("predictions"));
        File.Copy(from, stage.Output(copy), overwrite: true);
        var curve = RunDirectory.ReadStats(stage.Input($"{StageInputs.Classifier} {run.Key}", ClassifierStage.Stats))
            .Select(l => new EpochPoint((int)l["epoch"], l["train_loss"], l["validation_accuracy"]));
        tick();
        return new((ulong)run.Seed, copy, Predictions.Load(from), [.. curve]);
    }

    private static RoleCounts Counts(ImageSet set, Split split, Role role) =>
        new(role.Word(), set.Subset(split.Indices(set, role)).CountsPerClass());

    private static GeneratorResult Generator(StageContext stage, ReportGenerator generator, ImageSet? shown)
    {
        var curves = GeneratorCurves.Of(
            RunDirectory.ReadStats(stage.Input($"{StageInputs.Generator} {generator.Name}", GeneratorStage.Stats)));
        return new(generator.Name, generator.Description)
        {
            Losses = curves.Losses,
            Quality = curves.Quality,
            Sheets = generator.Set is { } s
                ? Strips(ImageSetFile.Load(stage.Input($"{StageInputs.Set} {s}", DataStage.Images))) : [],
            TrueSheets = shown is null ? [] : Strips(shown),
        };
    }

    /// <summary>The first images of each class, side by side.</summary>
    private static ClassSheet[] Strips(ImageSet set) => [.. set.Classes.Select((name, k) =>
    {
        var shown = Enumerable.Range(0, set.Count).Where(i => set.Labels[i] == k).Take(ImagesPerStrip).ToArray();
        if (shown.Length == 0) return new ClassSheet(name, [], 0);
        var (pixels, shape) =
            ImageGrid.Of([.. shown.Select(i => set.Pixels.Slice(i * set.Shape.Size, set.Shape.Size))], set.Shape, shown.Length);
        return new ClassSheet(name, ImageCodec.EncodePng(pixels, shape), shown.Length);
    }).Where(s => s.Images > 0)];
}
