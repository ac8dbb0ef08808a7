using System.Diagnostics;
using System.Globalization;
using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Augmentation;

namespace Understudy.Training;

/// <summary>
/// The course of one training: steps, ticks, snapshots, and the way back when something goes wrong. What is kept was looked at
/// first, so that every regular checkpoint is one to go back to.
/// </summary>
/// <param name="session">As it was restored, or new.</param>
/// <param name="resumed">Whether it was restored.</param>
/// <param name="judge">Looks at every snapshot; stays the caller's.</param>
internal sealed class GanTrainingLoop(
    GanSession session, ImageSet data, GanRun run, RunDirectory folder, Checkpoints checkpoints, ProgressSink progress,
    bool resumed,
    Judge? judge = null)
{
    /// <summary>How many times a run goes back before it gives up.</summary>
    public const int MostRollbacks = 3;

    private readonly GanTrainingOptions _options = run.Options;
    private readonly QualityMeter _meter = new(data, run.Options, new Keys(run.Seed), judge);
    private readonly string _generatorPath = Path.Combine(folder.Path, GeneratorFile.Name);
    private readonly Dictionary<string, string> _about = new() { [GanTrainer.RunKey] = StrictJson.WriteLine(run) };
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _tickTime;
    private long _tickImages = session.Images;
    private bool _saved = true, _isBest;
    private string? _note;
    private double _rate;
    private JudgedQuality? _judged;

    /// <summary>In their first images all generators show much the same thing.</summary>
    public const double UsualWarmUpKimg = 20;

    /// <summary>Before so many thousand images a class may look all alike; longer where the average takes longer.</summary>
    public double WarmUpKimg { get; init; } = UsualWarmUpKimg;

    /// <summary>In so many half-lives, seven eighths of what the average began with are gone.</summary>
    private const double WarmUpHalfLives = 3;

    /// <summary>Called before every step.</summary>
    public Action<GanSession>? BeforeStep { get; init; }

    /// <param name="limit">Stops after this much time.</param>
    /// <exception cref="TrainingDivergedException">It went wrong once more after the third return.</exception>
    public GanResult Run(TimeSpan? limit, CancellationToken cancel)
    {
        var steps = StepsFor(_options.Kimg, _options.Batch);
        if (_meter.Note is { } note) progress.Say(note);
        if (!resumed) Snapshot();
        else
        {
            progress.Say(Beginning(steps));
            TakeBackGenerator();
        }
        while (true)
        {
            try
            {
                StepUntil(steps, limit, cancel);
                if (!_saved || ImagesOfGenerator() != session.Images) Snapshot();
                return new(_generatorPath, session.Images, session.Steps >= steps);
            }
            catch (TrainingDivergedException e)
            {
                GoBack(e);
            }
        }
    }

    private void StepUntil(long steps, TimeSpan? limit, CancellationToken cancel)
    {
        var (tick, snapshot) = (StepsFor(_options.TickKimg, _options.Batch), StepsFor(_options.SnapshotKimg, _options.Batch));
        while (session.Steps < steps && !(_clock.Elapsed >= limit))
        {
            BeforeStep?.Invoke(session);
            session.Step();
            _saved = false;
            var due = session.Steps % snapshot == 0;
            // Before the tick, whose line tells of it.
            if (due || session.Steps == steps) Measure();
            if (session.Steps % tick == 0 || session.Steps == steps) Tick();
            if (due) Snapshot();
            Tell(limit, steps * _options.Batch);
            if (!cancel.IsCancellationRequested) continue;
            if (_isBest) Snapshot();
            else if (!_saved) Checkpoint();
            progress.Say($"train generator: stopped at {KimgOf(steps)}, with a checkpoint");
            cancel.ThrowIfCancellationRequested();
        }
    }

    private string Beginning(long steps) =>
        $"train generator: {(session.Steps < steps ? "goes on from" : "was finished already, at")} {KimgOf(steps)}";

    /// <summary>"0.59 of 4 kimg"; of a run that only time ends, "0.59 kimg".</summary>
    private string KimgOf(long steps)
    {
        const double endless = 1e6;
        var of = _options.Kimg < endless ? FormattableString.Invariant($" of {steps * _options.Batch / 1000.0:0.###}") : "";
        return FormattableString.Invariant($"{session.Images / 1000.0:0.###}{of} kimg");
    }

    private void Measure()
    {
        session.RequireSound();
        var quality = _meter.Measure(session.Averaged);
        var halfLife = Ema.HalfLife(_options.EmaKimg, _options.EmaRamp, session.Images) / 1000;
        if (session.Take(quality, Math.Max(WarmUpKimg, WarmUpHalfLives * halfLife)) is { } warning)
            progress.Say($"warning: {warning}");
        _judged = quality.Judged;
        if (!(quality.Deciding < session.BestFd)) return;
        (session.BestFd, _isBest) = (quality.Deciding.Value, true);
    }

    private void Tick()
    {
        var values = session.Stats.Take();
        var seconds = (_clock.Elapsed - _tickTime).TotalSeconds;
        var rate = (session.Images - _tickImages) / seconds;
        (_note, _rate) = (Note(values), rate);
        folder.Append(session.Steps, Described(session.Images, values), new Dictionary<string, double>
        {
            ["seconds"] = _clock.Elapsed.TotalSeconds,
            ["images_per_second"] = rate,
        });
        (_tickTime, _tickImages) = (_clock.Elapsed, session.Images);
    }

    private void Snapshot()
    {
        session.RequireSound();
        var card = GeneratorFile.CardOf(run, session.Images);
        GeneratorFile.Save(_generatorPath, session.Averaged, card);
        var best = Path.Combine(folder.Path, GeneratorFile.BestName);
        if (_isBest) AtomicFile.Write(best, to => to.Write(File.ReadAllBytes(_generatorPath)));
        ContactSheet.Write(
            Path.Combine(folder.SheetFolder, string.Create(CultureInfo.InvariantCulture, $"sheet-{session.Images:d9}.png")),
            session.Averaged, data.Classes.Count, new Keys(run.Seed));
        // Last: a kill before it repeats the whole snapshot.
        Checkpoint();
    }

    private void Checkpoint()
    {
        session.RequireSound();
        checkpoints.Save(session.State, session.Steps, _about, _isBest);
        (_saved, _isBest) = (true, false);
    }

    /// <summary>
    /// To the last checkpoint, with half the learning rate. A checkpoint that led to the next incident is passed over for the one
    /// before it.
    /// </summary>
    private void GoBack(TrainingDivergedException e)
    {
        if (session.Rollbacks >= MostRollbacks)
        {
            throw new TrainingDivergedException(e.Symptom, string.Create(CultureInfo.InvariantCulture,
                $"The run has gone back {MostRollbacks} times already, to half the step each time, and stops here. Start anew in "
                + $"another folder with "
                + $"learning_rate={session.LearningRate} or less (it began with {_options.LearningRate}), or a gamma above "
                + $"{_options.Gamma}; "
                + $"the last sound checkpoint is kept in {folder.CheckpointFolder}"));
        }
        var (step, number, known) = (session.Steps, session.Rollbacks + 1, session.RolledBackTo);
        var bestFd = session.BestFd;
        var newest = checkpoints.NewestRegular;
        var to = checkpoints.GoBack(session.State, newest == known ? newest : long.MaxValue, progress,
            at => (session.Rollbacks, session.RolledBackTo, session.BestFd) = (number, at, bestFd), _about);
        folder.RewindTo(to);
        folder.Record(new(number, step, to, session.LearningRate, e.Symptom));
        TakeBackGenerator();
        (_saved, _isBest, _tickTime, _tickImages) = (true, false, _clock.Elapsed, session.Images);
        progress.Say(string.Create(CultureInfo.InvariantCulture,
            $"warning: {e.Symptom}. Going back to {session.Images / 1000.0:0.###} kimg with half the step, learning_rate "
            + $"{session.LearningRate} "
            + $"({number} of at most {MostRollbacks} times)"));
    }

    /// <summary>Of a checkpoint that was passed over, or never written, the generator's file is no good either.</summary>
    private void TakeBackGenerator()
    {
        if (ImagesOfGenerator() > session.Images)
            GeneratorFile.Save(_generatorPath, session.Averaged, GeneratorFile.CardOf(run, session.Images));
    }

    /// <summary>Null where there is no such file, or none that can be read: the run writes it anew in any case.</summary>
    private long? ImagesOfGenerator()
    {
        try { return File.Exists(_generatorPath) ? GeneratorFile.ReadCard(_generatorPath).Images : null; }
        catch (InvalidDataException) { return null; }
    }

    /// <summary>In images, or in seconds where the time will be up first.</summary>
    private void Tell(TimeSpan? limit, long total)
    {
        const string task = "train generator";
        var (images, elapsed) = (session.Images, _clock.Elapsed);
        if (limit is { } most && elapsed / most > (double)images / total)
        {
            // Of seconds the rate is known; of images it is not shown elsewhere.
            var rate = _rate > 0 ? FormattableString.Invariant($"  {_rate:0} images/s") : "";
            progress.Report(task, elapsed.TotalSeconds, most.TotalSeconds, "second",
                FormattableString.Invariant($"{images / 1000.0:0.0} kimg{rate}  {_note}").TrimEnd());
        }
        else progress.Report(task, images, total, "image", _note);
    }

    internal static long StepsFor(double kimg, int batch) => Math.Max(1, (long)Math.Ceiling(kimg * 1000 / batch));

    private static Dictionary<string, double> Described(long images, Dictionary<string, double> values)
    {
        var all = new Dictionary<string, double> { ["kimg"] = images / 1000.0 };
        foreach (var (name, value) in values) all[name] = value;
        return all;
    }

    private static readonly string[] DiscriminatorLosses =
        ["loss/discriminator", "loss/discriminator_fake", "loss/discriminator_real"];

    private string Note(Dictionary<string, double> v)
    {
        var p = _options.Augment == AugmentKind.None ? "" : FormattableString.Invariant($"  p {v["augment/p"]:0.00}");
        var d = DiscriminatorLosses.Sum(k => v.GetValueOrDefault(k));
        return FormattableString.Invariant($"G {v["loss/generator"]:0.00}  D {d:0.00}{p}  {_judged}").TrimEnd();
    }
}
