using System.Diagnostics;
using System.Globalization;
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
    /// Trains until <see cref="GanTrainingOptions.Kimg"/>. In a folder with checkpoints of the same run it goes on from the newest, to
    /// the same bits as if it had never stopped (same seed, same number of threads); only kimg may differ.
    /// </summary>
    /// <param name="splitHash">The split that <paramref name="data"/> was chosen by, for the record.</param>
    /// <param name="from">Networks to start from, where the folder has no checkpoint yet.</param>
    /// <param name="limit">Stops after this much time, with everything written, as at the end.</param>
    /// <exception cref="OptionException">Options out of range, or not those of the run that is there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: the step was finished and a checkpoint written.</exception>
    /// <exception cref="TrainingDivergedException">The losses are no numbers, or without bound.</exception>
    public static GanResult Train(ImageSet data, GanTrainingOptions options, string runFolder, ulong seed, ProgressSink progress,
        CancellationToken cancel, string splitHash = "", TimeSpan? limit = null, TransferSource? from = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        if (data.Count == 0) throw new OptionException("data: holds no image to train on");
        var resolved = options.Resolve(data.Shape, data.Classes.Count);
        Denormals.Flush();
        NativeHeap.Retain();
        using var folder = RunDirectory.Open(runFolder);
        var run = new GanRun(GanRun.CurrentFormat, seed, data.Fingerprint, splitHash, [.. data.Classes], data.Shape, resolved, from);
        folder.EnsureOptions(run, r => r with { Options = r.Options with { Kimg = 0 }, From = r.From is { } f ? f with { Path = "" } : null },
            GanRun.Parse);
        folder.WriteEnvironment();
        foreach (var warning in resolved.Warnings()) progress.Say($"warning: {warning}");

        using var scope = NewDisposeScope();
        using var session = new GanSession(data, resolved, seed);
        var checkpoints = new Checkpoints(folder.CheckpointFolder);
        var resumed = checkpoints.Restore(session.State, progress);
        folder.RewindTo(resumed ?? -1);
        if (resumed is null && from is not null)
        {
            foreach (var report in session.StartFrom(from, data.Classes)) progress.Say($"from {from.Path}: {report}");
        }

        var about = new Dictionary<string, string> { [RunKey] = StrictJson.WriteLine(run) };
        var generatorPath = Path.Combine(folder.Path, GeneratorFile.Name);
        void Checkpoint() => checkpoints.Save(session.State, session.Steps, about);
        void Snapshot()
        {
            GeneratorFile.Save(generatorPath, session.Averaged, GeneratorFile.CardOf(run, session.Images));
            ContactSheet.Write(Path.Combine(folder.SheetFolder, string.Create(CultureInfo.InvariantCulture, $"sheet-{session.Images:d9}.png")),
                session.Averaged, data.Classes.Count, new Keys(seed));
            // Last: a kill before it repeats the whole snapshot.
            Checkpoint();
        }

        var steps = StepsFor(resolved.Kimg, resolved.Batch);
        var (tick, snapshot) = (StepsFor(resolved.TickKimg, resolved.Batch), StepsFor(resolved.SnapshotKimg, resolved.Batch));
        var clock = Stopwatch.StartNew();
        var (tickTime, tickImages) = (TimeSpan.Zero, session.Images);
        if (resumed is null) Snapshot();
        var saved = true;
        string? note = null;
        while (session.Steps < steps && !(clock.Elapsed >= limit))
        {
            session.Step();
            saved = false;
            if (session.Steps % tick == 0 || session.Steps == steps)
            {
                var values = session.Stats.Take();
                var seconds = (clock.Elapsed - tickTime).TotalSeconds;
                var rate = (session.Images - tickImages) / seconds;
                note = Note(values, rate);
                folder.Append(session.Steps, Described(session.Images, values), new Dictionary<string, double>
                {
                    ["seconds"] = clock.Elapsed.TotalSeconds,
                    ["images_per_second"] = rate,
                });
                (tickTime, tickImages) = (clock.Elapsed, session.Images);
            }
            if (session.Steps % snapshot == 0)
            {
                Snapshot();
                saved = true;
            }
            Tell(progress, clock.Elapsed, limit, session.Images, steps * resolved.Batch, note);
            if (!cancel.IsCancellationRequested) continue;
            if (!saved) Checkpoint();
            cancel.ThrowIfCancellationRequested();
        }
        if (!saved || !File.Exists(generatorPath) || GeneratorFile.ReadCard(generatorPath).Images != session.Images) Snapshot();
        return new(generatorPath, session.Images, session.Steps >= steps);
    }

    /// <summary>
    /// How fast this machine trains, in images per second: a few lazy cycles of real steps, after a warm-up, with nothing written. For
    /// turning a time budget into kimg.
    /// </summary>
    public static double MeasureRate(ImageSet data, GanTrainingOptions options, TimeSpan atLeast)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        Denormals.Flush();
        NativeHeap.Retain();
        var resolved = options.Resolve(data.Shape, data.Classes.Count);
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, resolved, 0);
        var cycle = resolved.R1Interval * Math.Max(1, resolved.PathLengthInterval);
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

    /// <summary>In images, or in seconds where the time will be up first.</summary>
    private static void Tell(ProgressSink progress, TimeSpan elapsed, TimeSpan? limit, long images, long total, string? note)
    {
        const string task = "train generator";
        if (limit is { } most && elapsed / most > (double)images / total)
            progress.Report(task, elapsed.TotalSeconds, most.TotalSeconds, "second", FormattableString.Invariant($"{images / 1000.0:0.0} kimg  {note}").TrimEnd());
        else progress.Report(task, images, total, "image", note);
    }

    private static long StepsFor(double kimg, int batch) => Math.Max(1, (long)Math.Ceiling(kimg * 1000 / batch));

    private static Dictionary<string, double> Described(long images, Dictionary<string, double> values)
    {
        var all = new Dictionary<string, double> { ["kimg"] = images / 1000.0 };
        foreach (var (name, value) in values) all[name] = value;
        return all;
    }

    private static readonly string[] DiscriminatorLosses = ["loss/discriminator", "loss/discriminator_fake", "loss/discriminator_real"];

    private static string Note(Dictionary<string, double> v, double rate) => string.Create(CultureInfo.InvariantCulture,
        $"{rate:0} images/s  G {v["loss/generator"]:0.00}  D {DiscriminatorLosses.Sum(k => v.GetValueOrDefault(k)):0.00}  p {v["augment/p"]:0.00}");
}
