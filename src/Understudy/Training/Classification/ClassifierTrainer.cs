using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.Ops;

namespace Understudy.Training.Classification;

/// <summary>
/// Trains a classifier in a folder; called again on the same folder, it goes on from the last checkpoint, bit for bit.
/// </summary>
public static class ClassifierTrainer
{
    /// <summary>The name of the result in the run's folder.</summary>
    public const string FileName = "classifier.safetensors";

    /// <summary>
    /// Beside it: a teacher's answers, where it learnt from some. A run that is taken up again is taught the same.
    /// </summary>
    public const string TaughtName = "taught.csv";

    /// <param name="seed">The root seed of weights, order, augmentation and dropout.</param>
    /// <param name="start">Weights learnt elsewhere to go on from; null for those of the seed.</param>
    /// <param name="cancel">Ends the step under way, writes a checkpoint, then throws.</param>
    /// <param name="begun">Called before the first step, once options, data and weights are known to fit.</param>
    /// <exception cref="OptionException">Options or data that do not fit, or a folder that holds another run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the same call resumes.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no number any more.</exception>
    public static ClassifierResult Train(ClassifierOptions options, ClassifierData data, string runFolder, ulong seed,
        ProgressSink progress,
        CancellationToken cancel, ClassifierStart? start = null, Action? begun = null)
    {
        options.Validate();
        options = (options with { Precision = RunDirectory.PrecisionIn(runFolder, options.Precision) }).Resolve();
        data.Validate();
        TensorRuntime.Prepare();
        using var folder = RunDirectory.Open(runFolder);
        if (options.Frozen) return FrozenTrainer.Train(options, data, folder, Record, seed, start, progress, cancel);
        using var run = new ClassifierRun(options, data, seed, start, progress);
        Record();
        var checkpoints = new Checkpoints(folder.CheckpointFolder);
        var about = new Dictionary<string, string> { ["options"] = StrictJson.WriteLine(options), ["split"] = data.SplitHash };

        var step = checkpoints.Restore(run.State, progress) ?? 0;
        folder.RewindTo(step);
        if (step > 0)
        {
            var how = step < run.Clock.TotalSteps && !run.LostPatience(step) ? "goes on from" : "was finished already at";
            progress.Say($"train classifier: {how} step {step} of {run.Clock.TotalSteps}");
        }
        while (step < run.Clock.TotalSteps && !run.LostPatience(step))
        {
            var loss = run.Step(step++);
            progress.Report("train classifier", step, run.Clock.TotalSteps, "step", run.Note(loss));
            var epochEnds = run.Clock.EndsEpoch(step);
            if (epochEnds) folder.Append(step, run.EndEpoch(step, progress), new Dictionary<string, double>());
            if (epochEnds || cancel.IsCancellationRequested
                || (options.CheckpointSteps > 0 && step % options.CheckpointSteps == 0))
            {
                checkpoints.Save(run.State, step, about);
            }
            if (step >= run.Clock.TotalSteps || !cancel.IsCancellationRequested) continue;
            progress.Say($"train classifier: stopped at step {step} of {run.Clock.TotalSteps}, with a checkpoint");
            cancel.ThrowIfCancellationRequested();
        }

        var file = Path.Combine(folder.Path, FileName);
        var curve = RunDirectory.ReadStats(folder.StatsFile).Select(EpochLine.Read).ToList();
        var best = curve.FirstOrDefault(e => e.Epoch == run.BestEpoch)
            ?? throw new InvalidDataException($"{folder.StatsFile}: lacks the epoch {run.BestEpoch}, the best of this training: lines of it "
                + "were lost; train anew, with another folder");
        TrainedClassifier.SaveTrained(file, run.Best,
            new(options, data.Selection.Classes, run.Shape.Channels, data.SplitHash, seed, best), data.Validation);
        return new(file, best, curve);

        // Not before the data and the weights are known to fit: a mistake in them leaves the folder free for the next attempt.
        void Record()
        {
            folder.EnsureOptions(
                new Resolved(options, seed, [.. data.Selection.Classes], data.SplitHash, data.Fingerprint(),
                    start?.Fingerprint()));
            folder.WriteEnvironment(progress);
            if (options.Precision.Warning() is { } slow) progress.Say($"warning: {slow}");
            SeenImages.Of(data, start?.Seen()).Save(folder.Path);
            begun?.Invoke();
        }
    }

    private sealed record Resolved(ClassifierOptions Options, ulong Seed, string[] Classes, string SplitHash,
        string DataFingerprint, string? Weights = null);
}
