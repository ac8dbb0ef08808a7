using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.StyleGan2;
using Understudy.Training.Augmentation;
using Understudy.Training.Losses;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>
/// A generator and a discriminator in training, and one step of it (Karras et al. 2020, arXiv 1912.04958 and 2006.06676): the
/// generator's loss, lazily its path length; the discriminator's loss, lazily R1; the moving average; the controller.
/// </summary>
internal sealed class GanSession : IDisposable
{
    private readonly GanTrainingOptions _options;
    private readonly Keys _keys;
    private readonly RealBatches _reals;
    private readonly int[] _labels;
    private readonly int _classes;
    private readonly Generator _generator;
    private readonly Discriminator _discriminator;
    private readonly FlatParameters _generatorWeights, _discriminatorWeights;
    private readonly Adam _generatorAdam, _discriminatorAdam;
    private readonly Ema _ema;
    private readonly Augmenter _augmenter;
    private readonly AdaController? _controller;
    private readonly DivergenceAlarm _alarm;
    private double _pathLengthMean;

    /// <param name="options">Resolved for this set.</param>
    public GanSession(ImageSet set, GanTrainingOptions options, ulong seed)
    {
        _options = options;
        _keys = new Keys(seed);
        _reals = new RealBatches(set, options.Batch, options.MirrorReals, _keys);
        (_labels, _classes) = ([.. set.Labels], options.Conditional ? set.Classes.Count : 0);
        _generator = new Generator(options.GeneratorFor(set.Shape, set.Classes.Count), seed);
        _discriminator = new Discriminator(options.DiscriminatorFor(set.Shape, set.Classes.Count), seed);
        var shadow = _generator.Copy();
        (_generatorWeights, _discriminatorWeights) = (new(_generator), new(_discriminator));
        _ema = new Ema(_generatorWeights, shadow);
        _generatorAdam = LazyAdam(_generatorWeights, options.PathLengthInterval);
        _discriminatorAdam = LazyAdam(_discriminatorWeights, options.Gamma == 0 ? 0 : options.R1Interval);
        _augmenter = new Augmenter(options.Augment, _keys);
        _controller = options.AdaTarget > 0 && options.Augment != AugmentKind.None ? new(options.AdaTarget, options.AdaKimg, options.AdaCeiling) : null;
        _alarm = new DivergenceAlarm(options.LearningRate);
        State = new TrainingState()
            .Add("generator", _generator).Add("discriminator", _discriminator).Add(EmaName, shadow)
            .Add("generator_adam", _generatorAdam).Add("discriminator_adam", _discriminatorAdam)
            .Add("steps", () => Steps, v => Steps = (long)v)
            .Add("path_length_mean", () => _pathLengthMean, v => _pathLengthMean = v)
            .Add("tick", Stats);
        _controller?.Register(State);
    }

    /// <summary>The averaged generator's name in a checkpoint.</summary>
    public const string EmaName = "generator_ema";

    public TrainingState State { get; }

    public TickStats Stats { get; } = new();

    public long Steps { get; private set; }

    public long Images => Steps * _options.Batch;

    /// <summary>The averaged generator: what is kept, shown and used.</summary>
    public Generator Averaged => (Generator)_ema.Shadow;

    /// <summary>The generator as it is being trained.</summary>
    internal Generator Live => _generator;

    private double AugmentP => _controller?.P ?? _options.AugmentP;

    /// <summary>One step: every phase, then the average and the controller.</summary>
    public void Step()
    {
        using var pause = CollectionPause.Begin();
        var (step, o) = (Steps, _options);
        var p = AugmentP;

        var generatorLoss = GeneratorMain(step, p);
        var generatorNorm = _generatorWeights.CleanGradient();
        _generatorAdam.Step();
        if (o.PathLengthInterval > 0 && step % o.PathLengthInterval == 0) PathLength(step);

        var (fakeLoss, realLoss, realSign) = DiscriminatorMain(step, p);
        var discriminatorNorm = _discriminatorWeights.CleanGradient();
        _discriminatorAdam.Step();
        if (o.Gamma > 0 && step % o.R1Interval == 0) R1(step, p);

        _ema.Update(Ema.HalfLifeBeta(o.Batch, o.EmaKimg, o.EmaRamp, Images));
        _controller?.Observe(realSign, step, o.Batch);
        Stats.Add("gradient/generator", generatorNorm);
        Stats.Add("gradient/discriminator", discriminatorNorm);
        Stats.Add("augment/p", p);
        Steps++;
        _alarm.Watch(Images, [("generator", generatorLoss), ("discriminator fake", fakeLoss), ("discriminator real", realLoss)], generatorNorm + discriminatorNorm);
    }

    /// <summary>softplus(−D(G(z, c), c)); only the generator learns.</summary>
    private double GeneratorMain(long step, double p)
    {
        using var scope = NewDisposeScope();
        _discriminatorWeights.RequireGradients(false);
        _generatorAdam.ZeroGradient();
        var (fakes, c) = Fakes(step, "g", _options.Batch, track: true);
        var (logits, classes) = _discriminator.Judge(_augmenter.Apply(fakes, p, "gan/augment/g", step), c);
        var loss = GanLosses.GeneratorMain(logits);
        WithClass(loss, classes, c, "loss/generator_class").backward();
        _discriminatorWeights.RequireGradients(true);
        return Seen("loss/generator", loss);
    }

    /// <summary>2·(ℓ − μ)², times its interval, on half a batch.</summary>
    private void PathLength(long step)
    {
        using var scope = NewDisposeScope();
        _generatorAdam.ZeroGradient();
        var (ws, _) = Latents(step, "pl", _options.Batch / 2, track: false);
        var images = Synthesize(ws, step, "pl");
        using var random = _keys.Generator("gan/path/y", step);
        var (loss, mean) = GanLosses.PathLength(images, ws, randn(images.shape, generator: random), tensor((float)_pathLengthMean));
        (loss * _options.PathLengthInterval).backward();
        _pathLengthMean = mean.item<float>();
        _generatorWeights.CleanGradient();
        _generatorAdam.Step();
        Seen("loss/path_length", loss);
        Stats.Add("path_length", _pathLengthMean);
    }

    /// <summary>softplus(D(G(z, c), c)) + softplus(−D(x, c)), fakes and reals as two batches; only the discriminator learns.</summary>
    private (double Fake, double Real, double RealSign) DiscriminatorMain(long step, double p)
    {
        using var scope = NewDisposeScope();
        _discriminatorAdam.ZeroGradient();
        var (fakes, c) = WithoutGradients(() => Fakes(step, "d", _options.Batch, track: false));
        var fakeLogits = _discriminator.call(_augmenter.Apply(fakes, p, "gan/augment/fake", step), c);
        var fakeLoss = GanLosses.DiscriminatorFake(fakeLogits);
        fakeLoss.backward();

        var (reals, labels) = _reals.At(step);
        var realC = OneHot(labels);
        var (realLogits, realClasses) = _discriminator.Judge(_augmenter.Apply(reals, p, "gan/augment/real", step), realC);
        var realLoss = GanLosses.DiscriminatorReal(realLogits);
        WithClass(realLoss, realClasses, realC, "loss/discriminator_class").backward();

        Stats.Add("sign/fake", fakeLogits.detach().sign().mean().item<float>());
        var realSign = realLogits.detach().sign().mean().item<float>();
        Stats.Add("sign/real", realSign);
        return (Seen("loss/discriminator_fake", fakeLoss), Seen("loss/discriminator_real", realLoss), realSign);
    }

    /// <summary>γ/2 · |∂D/∂x|² at the reals as they were before augmentation, times its interval.</summary>
    private void R1(long step, double p)
    {
        using var scope = NewDisposeScope();
        _discriminatorAdam.ZeroGradient();
        var (reals, labels) = _reals.At(step);
        var images = reals.requires_grad_();
        var logits = _discriminator.call(_augmenter.Apply(images, p, "gan/augment/r1", step), OneHot(labels));
        var loss = GanLosses.R1(logits, images, _options.Gamma!.Value);
        (loss * _options.R1Interval).backward();
        _discriminatorWeights.CleanGradient();
        _discriminatorAdam.Step();
        Seen("loss/r1", loss);
    }

    private (Tensor Images, Tensor? C) Fakes(long step, string phase, int count, bool track)
    {
        var (ws, c) = Latents(step, phase, count, track);
        return (Synthesize(ws, step, phase), c);
    }

    /// <summary>z and labels by key, mapped; now and then the later layers follow a second z of the same labels.</summary>
    private (Tensor Ws, Tensor? C) Latents(long step, string phase, int count, bool track)
    {
        var c = OneHot(DrawLabels(step, phase, count));
        var ws = _generator.Map(_keys.Normal($"gan/z/{phase}", step, count, _options.ZDim), c, track);
        if (_options.MixingProbability <= 0) return (ws, c);
        var random = _keys.Random($"gan/mix/{phase}", step);
        if (random.Uniform() >= _options.MixingProbability) return (ws, c);
        var other = _generator.Map(_keys.Normal($"gan/z2/{phase}", step, count, _options.ZDim), c);
        return (GanLosses.MixStyles(ws, other, 1 + random.Next(_generator.NumWs - 1)), c);
    }

    private Tensor Synthesize(Tensor ws, long step, string phase)
    {
        using var random = _keys.Generator($"gan/noise/{phase}", step);
        return _generator.Synthesize(ws, NoiseMode.Random, random);
    }

    private int[] DrawLabels(long step, string phase, int count)
    {
        var random = _keys.Random($"gan/labels/{phase}", step);
        return [.. Enumerable.Range(0, count).Select(_ => _options.FakeLabels == FakeLabels.Balanced && _classes > 0
            ? random.Next(_classes) : _labels[random.Next(_labels.Length)])];
    }

    /// <summary>[N, classes], or null where classes are not learned.</summary>
    private Tensor? OneHot(int[] labels) => _classes == 0 ? null : Labels.OneHot(labels, _classes);

    /// <summary>The class head's loss added with its weight, where there is a class head.</summary>
    private Tensor WithClass(Tensor loss, Tensor? classes, Tensor? c, string name)
    {
        if (classes is null) return loss;
        var classLoss = GanLosses.Class(classes, c!);
        Seen(name, classLoss);
        return loss + classLoss * _options.ClassWeight;
    }

    private double Seen(string name, Tensor loss)
    {
        var value = loss.item<float>();
        Stats.Add(name, value);
        return value;
    }

    /// <summary>Adam with β (0, 0.99); where every I-th step has a further term, lr·I/(I+1) and β^(I/(I+1)).</summary>
    private Adam LazyAdam(FlatParameters weights, int interval)
    {
        var ratio = interval == 0 ? 1 : interval / (interval + 1.0);
        return new(weights, _options.LearningRate * ratio, 0, Math.Pow(0.99, ratio));
    }

    private static T WithoutGradients<T>(Func<T> make)
    {
        using (no_grad()) return make();
    }

    public void Dispose()
    {
        foreach (var part in new IDisposable[] { _generatorAdam, _discriminatorAdam, _ema, _generatorWeights, _discriminatorWeights, _ema.Shadow, _generator, _discriminator })
            part.Dispose();
    }
}
