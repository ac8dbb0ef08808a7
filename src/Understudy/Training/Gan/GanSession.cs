using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Augmentation;
using Understudy.Training.Losses;
using Understudy.Training.Phases;
using Discriminator = Understudy.Networks.StyleGan2.Discriminator;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>
/// A generator and a discriminator in training, and one step of it (Karras et al. 2020, arXiv 1912.04958 and 2006.06676): the
/// generator's loss, lazily its path length; the discriminator's loss, lazily R1 (and R2); the moving average; the controller.
/// </summary>
internal sealed class GanSession : IDisposable
{
    private readonly GanTrainingOptions _options;
    private readonly GanNetworks _networks;
    private readonly GeneratorPhase _generator;
    private readonly PathLengthPhase _pathLength;
    private readonly DiscriminatorPhase _discriminator;
    private readonly GradientPenaltyPhase _penalty;
    private readonly AdaController? _controller;
    private readonly DivergenceAlarm _alarm;
    private readonly VarietyTrend _variety;

    /// <param name="options">Resolved for this set.</param>
    public GanSession(ImageSet set, GanTrainingOptions options, ulong seed)
    {
        _options = options;
        var (keys, classes) = (new Keys(seed), set.Classes.Count);
        _networks = new GanNetworks(options.GeneratorFor(set.Shape, classes), options.DiscriminatorFor(set.Shape, classes),
            options, seed);
        var conditioning = new Conditioning([.. set.Labels], classes, options.LabelDim(classes), options.FakeLabels, keys);
        var fakes = new FakeImages(_networks.Generator, conditioning, options.MixingProbability, keys);
        var reals = new RealBatches(set, options.Batch, options.MirrorReals, keys);
        var gan = new GanContext(options, keys, _networks, conditioning, fakes, reals, new Augmenter(options.Augment, keys),
            new Objective(options.Loss, options.RealTarget), Stats);
        (_generator, _pathLength, _discriminator, _penalty) = (new(gan), new(gan), new(gan), new(gan));
        _controller = options.AdaTarget > 0 ? new(options.AdaTarget, options.AdaKimg, options.AdaCeiling) : null;
        (_alarm, _variety) = (new(options), new(options));
        State = new TrainingState();
        _networks.Register(State);
        State.Add("steps", () => Steps, v => MoveTo((long)v));
        _pathLength.Register(State);
        State.Add("tick", Stats.Save, Stats.Load);
        _variety.Register(State);
        _controller?.Register(State);
        State.Add("rollbacks", () => Rollbacks, v => Rollbacks = (int)v, usual: 0);
        State.Add("rolled_back_to", () => RolledBackTo, v => RolledBackTo = (long)v, usual: -1);
        // After the rollbacks, which make the alarm forget.
        _alarm.Register(State);
        State.Add("best_fd", () => BestFd, v => BestFd = v, usual: double.PositiveInfinity);
        MoveTo(0);
    }

    public TrainingState State { get; }

    public TickStats Stats { get; } = new();

    public long Steps { get; private set; }

    public long Images => Steps * _options.Batch;

    /// <summary>How many times the run went back to an earlier step; each halves the learning rate.</summary>
    public int Rollbacks
    {
        get;
        set
        {
            field = value;
            _networks.StepFactor = StepFactor;
            _alarm.Reset();
        }
    }

    /// <summary>The step that the last return led to; −1 before the first.</summary>
    public long RolledBackTo { get; set; } = -1;

    /// <summary>The least <see cref="Quality.Deciding"/> that was measured so far; ∞ before the first.</summary>
    public double BestFd { get; set; } = double.PositiveInfinity;

    /// <summary>In force now.</summary>
    public double LearningRate => _options.LearningRate * StepFactor;

    private double StepFactor => Math.Pow(0.5, Rollbacks);

    /// <summary>The averaged generator: what is kept, shown and used.</summary>
    public Generator Averaged => _networks.Averaged;

    /// <summary>The generator as it is being trained.</summary>
    internal Generator Live => _networks.Generator;

    internal Discriminator Discriminator => _networks.Discriminator;

    internal DivergenceAlarm Alarm => _alarm;

    /// <summary>Takes over what fits of other networks, before the first step.</summary>
    /// <param name="classes">The data's names, in label order.</param>
    /// <exception cref="InvalidDataException">The networks share nothing.</exception>
    /// <exception cref="OptionException">A block that is to be frozen would be random.</exception>
    public IReadOnlyList<TransferReport> StartFrom(TransferSource source, IReadOnlyList<string> classes) =>
        new Transfer(source).Into(_networks, classes);

    /// <summary>One step: every phase, then the average and the controller.</summary>
    /// <exception cref="TrainingDivergedException">Losses that are no numbers or without bound.</exception>
    public void Step()
    {
        using var pause = CollectionPause.Begin();
        var at = new GanStep(Steps, _controller?.P ?? _options.AugmentP, _options.ConditionWeight(Images));

        var (generatorLoss, generatorNorm) = _generator.Run(at);
        var pathLength = _pathLength.RunWhenDue(at);
        var discriminator = _discriminator.Run(at);
        var penalty = _penalty.RunWhenDue(at);

        _networks.Average(Ema.HalfLifeBeta(_options.Batch, _options.EmaKimg, _options.EmaRamp, Images));
        _controller?.Observe(discriminator.RealSign, Steps, _options.Batch);
        Stats.Add("gradient/generator", generatorNorm);
        Stats.Add("gradient/discriminator", discriminator.Norm);
        Stats.Add("augment/p", at.AugmentP);
        if (_options.ConditionEndKimg > 0) Stats.Add("condition", at.ConditionWeight);
        MoveTo(Steps + 1);
        _alarm.Watch(Images, [("generator", generatorLoss), .. discriminator.Losses], generatorNorm + discriminator.Norm);
        _alarm.Watch(Images, pathLength);
        _alarm.Watch(Images, penalty);
    }

    /// <summary>To be asked before anything is kept.</summary>
    /// <exception cref="TrainingDivergedException">Some weights are no numbers.</exception>
    public void RequireSound() => _alarm.RequireFinite(Images, _networks.AreFinite());

    /// <summary>Remembers a measurement for the tick; returns a warning where variety is being lost, else null.</summary>
    /// <param name="warmUpKimg">Before so many thousand images a class may look all alike.</param>
    /// <exception cref="TrainingDivergedException">A class collapsed.</exception>
    public string? Take(Quality quality, double warmUpKimg)
    {
        foreach (var (name, value) in quality.Values()) Stats.Add("quality/" + name, value);
        if (Images < warmUpKimg * 1000) return null;
        _alarm.RequireVariety(Images, quality);
        return _variety.Observe(Images / 1000.0, quality);
    }

    /// <summary>After so many steps: what follows from their number alone.</summary>
    private void MoveTo(long steps)
    {
        Steps = steps;
        _networks.ConditionWeight = _options.ConditionWeight(Images);
    }

    public void Dispose() => _networks.Dispose();
}
