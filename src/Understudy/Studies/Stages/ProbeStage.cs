using System.Diagnostics;
using Understudy.Common;
using Understudy.Data;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Studies.Stages;

/// <summary>What to measure: a generator's training or a classifier's.</summary>
/// <param name="Jobs">How many stages run at once beside it, and</param>
/// <param name="Threads">with how many threads each: other numbers, other speeds.</param>
internal sealed record ProbeStageOptions(GeneratorStageOptions? Generator, ClassifierOptions? Classifier, int Jobs, int Threads);

/// <param name="SecondsPerUnit">Seconds for a thousand images of a generator's training, or for one step of a
/// classifier's.</param>
/// <param name="FixedSeconds">For a classifier: preparation and one validation.</param>
internal sealed record ProbeRecord(double SecondsPerUnit, double FixedSeconds);

/// <summary>
/// Measures how fast a few seconds of a study's own training are here, for <c>--minutes</c>. Nothing trained is kept.
/// </summary>
internal sealed class ProbeStage() : StageKind(Kind, 3, child: true)
{
    public const string Kind = "probe";

    public const string File = "probe.json";

    /// <summary>How long a measurement takes at least.</summary>
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(6);

    public override void Run(StageContext stage)
    {
        StageThreads.Use(stage.Threads);
        var options = stage.Options<ProbeStageOptions>();
        var real = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        var split = Split.Load(stage.Input(StageInputs.Split, SplitStage.File));
        stage.Progress.Report("measure", 0, 1, "probe");
        var record = options.Generator is { } g
            ? Generator(GeneratorStage.Images(real, split, g), g) : Classifier(stage, real, split, options.Classifier!);
        AtomicFile.WriteText(stage.Output(File), StrictJson.Write(record));
    }

    private static ProbeRecord Generator(ImageSet images, GeneratorStageOptions g) =>
        new(1000 / GanTrainer.MeasureRate(images, g.Options, AtLeast), 0);

    /// <summary>Two short trainings of different length: their difference is steps alone.</summary>
    private static ProbeRecord Classifier(StageContext stage, ImageSet real, Split split, ClassifierOptions options)
    {
        const int few = 8;
        var start = WeightsStage.StartOf(stage);
        var warm = Train(few);
        var shortRun = Train(few);
        var more = few + Math.Clamp((int)(few * AtLeast.TotalSeconds / Math.Min(warm, shortRun)), few, 2000);
        var perStep = Math.Max(1e-6, (Train(more) - shortRun) / (more - few));
        return new(perStep, Math.Max(0, shortRun - few * perStep));

        double Train(int steps)
        {
            var folder = stage.Output($"run-{steps}");
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            var clock = Stopwatch.StartNew();
            ClassifierTrainer.Train(options with { Epochs = 1, Steps = steps },
                new(Selection.Of(TrainingPart.Real, real, split.Indices(real, Role.Generator)),
                    new Dictionary<string, ImageSet> { [TrainingPart.Real] = real },
                    real.Subset(split.Indices(real, Role.Validation)), split.Hash),
                folder, stage.Seed, ProgressSink.None, stage.Cancel, start);
            var seconds = clock.Elapsed.TotalSeconds;
            Directory.Delete(folder, recursive: true);
            return seconds;
        }
    }
}
