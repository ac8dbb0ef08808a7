using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Augmentation;
using Understudy.Training.Phases;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>
/// A generator and a discriminator in training, and one step of it (Karras et al. 2020, arXiv 1912.04958 and 2006.06676): the
/// generator's loss, lazily its path length; the discriminator's loss, lazily R1; the moving average; the controller.
/// </summary>
internal sealed class GanSession : IDisposable
{
    private readonly GanTrainingOptions _options;
    private readonly GanNetworks _networks;
    private readonly GeneratorPhase _generator;
    private readonly PathLengthPhase _pathLength;
    private readonly DiscriminatorPhase _discriminator;
    private readonly R1Phase _r1;
    private readonly AdaController? _controller;
    private readonly DivergenceAlarm _alarm;

    /// <param name="options">Resolved for this set.</param>
    public GanSession(ImageSet set, GanTrainingOptions options, ulong seed)
    {
        _options = options;
        var (keys, classes) = (new Keys(seed), set.Classes.Count);
        _networks = new GanNetworks(options.GeneratorFor(set.Shape, classes), options.DiscriminatorFor(set.Shape, classes), options, seed);
        var conditioning = new Conditioning([.. set.Labels], options.Conditional ? classes : 0, options.FakeLabels, keys);
        var fakes = new FakeImages(_networks.Generator, conditioning, options.MixingProbability, keys);
        var reals = new RealBatches(set, options.Batch, options.MirrorReals, keys);
        var gan = new GanContext(options, keys, _networks, conditioning, fakes, reals, new Augmenter(options.Augment, keys), Stats);
        (_generator, _pathLength, _discriminator, _r1) = (new(gan), new(gan), new(gan), new(gan));
        _controller = options.AdaTarget > 0 && options.Augment != AugmentKind.None ? new(options.AdaTarget, options.AdaKimg, options.AdaCeiling) : null;
        _alarm = new DivergenceAlarm(options.LearningRate);
        State = new TrainingState();
        _networks.Register(State);
        State.Add("steps", () => Steps, v => Steps = (long)v);
        _pathLength.Register(State);
        State.Add("tick", Stats);
        _controller?.Register(State);
    }

    public TrainingState State { get; }

    public TickStats Stats { get; } = new();

    public long Steps { get; private set; }

    public long Images => Steps * _options.Batch;

    /// <summary>The averaged generator: what is kept, shown and used.</summary>
    public Generator Averaged => _networks.Averaged;

    /// <summary>The generator as it is being trained.</summary>
    internal Generator Live => _networks.Generator;

    /// <summary>One step: every phase, then the average and the controller.</summary>
    public void Step()
    {
        using var pause = CollectionPause.Begin();
        var at = new GanStep(Steps, _controller?.P ?? _options.AugmentP);

        var (generatorLoss, generatorNorm) = _generator.Run(at);
        _pathLength.RunWhenDue(at);
        var (fakeLoss, realLoss, realSign, discriminatorNorm) = _discriminator.Run(at);
        _r1.RunWhenDue(at);

        _networks.Average(Ema.HalfLifeBeta(_options.Batch, _options.EmaKimg, _options.EmaRamp, Images));
        _controller?.Observe(realSign, Steps, _options.Batch);
        Stats.Add("gradient/generator", generatorNorm);
        Stats.Add("gradient/discriminator", discriminatorNorm);
        Stats.Add("augment/p", at.AugmentP);
        Steps++;
        _alarm.Watch(Images, [("generator", generatorLoss), ("discriminator fake", fakeLoss), ("discriminator real", realLoss)], generatorNorm + discriminatorNorm);
    }

    public void Dispose() => _networks.Dispose();
}
