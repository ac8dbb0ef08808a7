using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>What a training left behind.</summary>
/// <param name="GeneratorPath">The averaged generator.</param>
/// <param name="Images">Real images shown, repetitions counted.</param>
/// <param name="Complete">All of the kimg asked for; false where the time was up before.</param>
public sealed record GanResult(string GeneratorPath, long Images, bool Complete);

/// <summary>Trains a generator on labelled images in a run folder; takes up what is there.</summary>
public static class GanTrainer
{
    internal const string RunKey = "run";

    /// <summary>
    /// Trains until <see cref="GanTrainingOptions.Kimg"/>. In a folder with checkpoints of the same run it goes on from the
    /// newest, to the same bits as if it had never stopped (same seed, same number of threads); only kimg may differ.
    /// </summary>
    /// <param name="splitHash">The split that <paramref name="data"/> was chosen by, for the record.</param>
    /// <param name="from">Networks to start from, where the folder has no checkpoint yet.</param>
    /// <param name="limit">Stops after this much time, with everything written, as at the end.</param>
    /// <param name="judge">
    /// A <c>classifier.safetensors</c> of the same classes and channels: snapshots are measured in its last features too, and the
    /// best is chosen by them. The run keeps a copy; another one later is refused.
    /// </param>
    /// <param name="accepted">Called when the folder is held and takes these options: for what else is to lie in it.</param>
    /// <exception cref="OptionException">Options out of range, or not those of the run that is there.</exception>
    /// <exception cref="InvalidDataException">The judge is no classifier.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: the step was finished and a checkpoint written.</exception>
    /// <exception cref="TrainingDivergedException">
    /// Weights that are no numbers, losses without bound or a class that collapsed, once more after three returns to the last
    /// checkpoint.
    /// </exception>
    public static GanResult Train(ImageSet data, GanTrainingOptions options, string runFolder, ulong seed, ProgressSink progress,
        CancellationToken cancel, string splitHash = "", TimeSpan? limit = null, TransferSource? from = null,
        string? judge = null, Action? accepted = null) =>
        Train(data, options, runFolder, seed, progress, splitHash, limit, from, GanTrainingLoop.UsualWarmUpKimg, null, cancel,
            judge,
            accepted);

    /// <param name="warmUpKimg">Before so many thousand images a class may look all alike.</param>
    /// <param name="beforeStep">Called before every step: where a test plants its faults.</param>
    internal static GanResult Train(ImageSet data, GanTrainingOptions options, string runFolder, ulong seed,
        ProgressSink progress,
        string splitHash, TimeSpan? limit, TransferSource? from, double warmUpKimg, Action<GanSession>? beforeStep,
        CancellationToken cancel,
        string? judge = null, Action? accepted = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        if (data.Count == 0) throw new OptionException("data: holds no image to train on");
        var resolved = (options with { Precision = RunDirectory.PrecisionIn(runFolder, options.Precision) })
            .Resolve(data.Shape, data.Classes.Count);
        if (resolved.MismatchWeight > 0 && resolved.Condition == Condition.Classes && data.Labels.Distinct().Count() == 1)
        {
            throw new OptionException(
                FormattableString.Invariant($"mismatch_weight: {resolved.MismatchWeight} needs images of two classes at least; ")
                + $"all of these are of '{data.Classes[data.Labels[0]]}': give more, or mismatch_weight 0");
        }
        if (resolved.FrozenBlocks > 0 && from is null)
        {
            throw new OptionException($"frozen_blocks: {resolved.FrozenBlocks} needs networks to start from, "
                + "else random ones are held still: give --from, or set frozen_blocks=0");
        }
        if (judge is not null) JudgeFile.Require(judge, data);
        TensorRuntime.Prepare();
        using var folder = RunDirectory.Open(runFolder);
        var digest = judge is null ? null : Fingerprint.OfFile(judge);
        if (File.Exists(folder.OptionsFile)) JudgeFile.RequireSame(folder.Path, GanRun.Load(folder.Path).Judge, judge, digest);
        var run = new GanRun(GanRun.CurrentFormat, seed, data.Fingerprint, splitHash, [.. data.Classes], data.Shape, resolved,
            from, digest);

        using var scope = NewDisposeScope();
        using var session = new GanSession(data, resolved, seed);
        var every = GanTrainingLoop.StepsFor(resolved.SnapshotKimg, resolved.Batch);
        var checkpoints = new Checkpoints(folder.CheckpointFolder, every: every);
        // Before anything is written, for it may be refused.
        var begins = from is not null && checkpoints.All.Count == 0;
        IReadOnlyList<TransferReport> reports = begins ? session.StartFrom(from!, data.Classes) : [];
        folder.EnsureOptions(run,
            r => r with { Options = r.Options with { Kimg = 0 }, From = r.From is { } f ? f with { Path = "" } : null },
            GanRun.Parse);
        accepted?.Invoke();
        if (judge is not null) JudgeFile.Keep(judge, digest!, folder.Path);
        folder.WriteEnvironment(progress);
        foreach (var warning in resolved.Warnings()) progress.Say($"warning: {warning}");
        if (ClassesWithoutImages(data, resolved) is { } absent) progress.Say($"warning: {absent}");
        if (judge is not null && JudgeFile.Overlap(judge, data) is { } overlap) progress.Say($"warning: {overlap}");

        var resumed = checkpoints.Restore(session.State, progress);
        folder.RewindTo(resumed ?? -1);
        folder.ForgetIncidentsAfter(session.Rollbacks);
        foreach (var report in reports) progress.Say($"from {from!.Path}: {report}");

        using var looking = judge is null ? null : new Judge(Path.Combine(folder.Path, JudgeFile.Name));
        var training = new GanTrainingLoop(session, data, run, folder, checkpoints, progress, resumed is not null, looking)
        {
            WarmUpKimg = warmUpKimg,
            BeforeStep = beforeStep,
        };
        var result = training.Run(limit, cancel);
        if (resolved.Condition != Condition.None && resolved.ConditionWeight(result.Images) is < 1 and var weight)
        {
            progress.Say(string.Create(CultureInfo.InvariantCulture,
                $"warning: the condition counts {weight:0.##} of what it will at {resolved.ConditionEndKimg} kimg: what is drawn by now "
                + $"{(weight == 0 ? "knows no class" : "tells its classes apart less than it could")}; go on training"));
        }
        return result;
    }

    /// <summary>A warning where the generator can be asked for what it is never shown; else null.</summary>
    private static string? ClassesWithoutImages(ImageSet data, GanTrainingOptions options)
    {
        const int most = 5;
        if (options.LabelDim(data.Classes.Count) == 0) return null;
        var names = data.CountsPerClass().Index().Where(c => c.Item == 0).Select(c => $"'{data.Classes[c.Index]}'").ToList();
        return names.Count == 0 ? null
            : $"there is no image of {string.Join(", ", names.Take(most))}"
                + (names.Count > most ? $" and {names.Count - most} other classes" : "")
                + ": the generator does not learn what it is to show there; give images of every class, or a set without these";
    }

    /// <summary>
    /// How fast this machine trains, in images per second: a few lazy cycles of real steps, after a warm-up, with nothing
    /// written. For turning a time budget into kimg.
    /// </summary>
    public static double MeasureRate(ImageSet data, GanTrainingOptions options, TimeSpan atLeast)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        TensorRuntime.Prepare();
        var resolved = options.Resolve(data.Shape, data.Classes.Count);
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, resolved, 0);
        var cycle = CycleOf(resolved);
        for (int i = 0; i < Math.Min(cycle, 4); i++) session.Step();
        var clock = Stopwatch.StartNew();
        // Whole cycles only: the lazy terms are a part of the work.
        while (session.Steps % cycle != 0) session.Step();
        var from = session.Images;
        clock.Restart();
        do
        {
            for (int i = 0; i < cycle; i++) session.Step();
        }
        while (clock.Elapsed < atLeast);
        return (session.Images - from) / clock.Elapsed.TotalSeconds;
    }

    /// <summary>After so many steps the lazy terms that are in force fall together again.</summary>
    internal static int CycleOf(GanTrainingOptions options)
    {
        var (r1, length) = (options.Gamma > 0 ? options.R1Interval : 1, Math.Max(1, options.PathLengthInterval));
        return r1 / (int)BigInteger.GreatestCommonDivisor(r1, length) * length;
    }
}
