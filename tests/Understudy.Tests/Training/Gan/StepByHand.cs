using Understudy.Data;
using Understudy.Networks.StyleGan2;
using Understudy.Training;
using Understudy.Training.Augmentation;
using Understudy.Training.Losses;
using Understudy.Training.Phases;
using static TorchSharp.torch;
using Discriminator = Understudy.Networks.StyleGan2.Discriminator;
using F = TorchSharp.torch.nn.functional;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Tests.Training;

/// <summary>What somebody who wires a step may get wrong.</summary>
public enum Slip
{
    None, PenaltyWithoutInterval, PenaltyAfterAugmentation, SecondPenaltyOnReals, PathWithoutInterval, PathOfAWholeBatch,
    AlwaysMixed, NeverMixed, TargetForgotten, LambdaNotInLosses, LambdaNotInScore, LambdaNotInClasses, LabelsOfTheData,
    AverageWithoutHalfLife, AverageWithoutRamp, AverageOneStepLate,
}

/// <summary>
/// StyleGAN2-ADA's training step (arXiv 1912.04958 and 2006.06676) written out in one place, by the same keys: two networks,
/// losses by their equations, Adam parameter by parameter, the average by its half-life. One slip may be planted.
/// </summary>
internal sealed class StepByHand : IDisposable
{
    private readonly GanTrainingOptions _o;
    private readonly Slip _slip;
    private readonly Keys _keys;
    private readonly int[] _labels;
    private readonly RealBatches _reals;
    private readonly Conditioning _others;
    private readonly Augmenter _augmenter;
    private readonly PlainAdam _generatorAdam, _discriminatorAdam;
    private double _pathLength;
    private long _step;

    public StepByHand(ImageSet set, GanTrainingOptions options, ulong seed, Slip slip)
    {
        (_o, _slip, _keys, _labels) = (options, slip, new Keys(seed), [.. set.Labels]);
        Generator = new(options.GeneratorFor(set.Shape, 2), seed);
        Discriminator = new(options.DiscriminatorFor(set.Shape, 2), seed);
        Averaged = Generator.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        _reals = new RealBatches(set, options.Batch, options.MirrorReals, _keys);
        _others = new Conditioning(_labels, 2, 2, FakeLabels.Data, _keys);
        _augmenter = new Augmenter(options.Augment, _keys);
        _generatorAdam = Adam(Generator, options.PathLengthInterval);
        _discriminatorAdam = Adam(Discriminator, options.R1Interval);
    }

    public Generator Generator { get; }

    public Discriminator Discriminator { get; }

    /// <summary>The averaged generator's parameters.</summary>
    public Dictionary<string, Tensor> Averaged { get; }

    private bool Pairs => _o.Loss == GanLoss.Relativistic;

    private double Lambda => _o.ConditionEndKimg == 0 ? 1
        : Math.Clamp((Images / 1000.0 - _o.ConditionStartKimg) / (_o.ConditionEndKimg - _o.ConditionStartKimg), 0, 1);

    private double ClassShare => _slip == Slip.LambdaNotInClasses ? 1 : Lambda;

    private long Images => _step * _o.Batch;

    public void Step()
    {
        using var scope = NewDisposeScope();
        Generator.LabelScale = Lambda;
        LearnToDeceive();
        if (_o.PathLengthInterval > 0 && _step % _o.PathLengthInterval == 0) KeepPathsAlike();
        LearnToTell();
        if (_step % _o.R1Interval == 0) Penalise();
        Average();
        _step++;
        Generator.LabelScale = Lambda;
    }

    private void LearnToDeceive()
    {
        var labels = LabelsOfFakes("g");
        var fake = Judge(Synthesize(Latents("g", labels, track: true), "g"), labels, "g");
        Tensor loss;
        if (Pairs)
        {
            var real = Judge(_reals.At(_step).Images, labels, "g-real");
            loss = F.softplus(real.Logits - fake.Logits).mean();
        }
        else
        {
            loss = Both(fake.Unconditional, fake.Logits, l => F.softplus(-l).mean());
        }
        if (fake.Classes is not null)
            loss = loss + GanLosses.Class(fake.Classes, OneHot(labels)) * (_o.GeneratorClassWeight!.Value * ClassShare);
        loss.backward();
        _generatorAdam.Step();
    }

    private void KeepPathsAlike()
    {
        var labels = DrawLabels("pl", _slip == Slip.PathOfAWholeBatch ? _o.Batch : _o.Batch / 2);
        var ws = Latents("pl", labels);
        var images = Synthesize(ws, "pl");
        using var random = _keys.Generator("gan/path/y", _step);
        var noise = randn(images.shape, generator: random);
        var (loss, mean) = GanLosses.PathLength(images, ws, noise, tensor((float)_pathLength));
        (loss * (_slip == Slip.PathWithoutInterval ? 1 : _o.PathLengthInterval)).backward();
        _pathLength = mean.item<float>();
        _generatorAdam.Step();
    }

    private void LearnToTell()
    {
        // What the generator's phases left there is not the discriminator's.
        _discriminatorAdam.ZeroGradient();
        var (images, labels) = _reals.At(_step);
        var fakeLabels = LabelsOfFakes("d");
        var fake = Judge(Fakes("d", fakeLabels), fakeLabels, "fake");
        var others = _o.MismatchWeight > 0 ? _others.DrawOthers("mismatch", _step, labels) : null;
        var real = Judge(images, labels, "real", others);
        var target = _slip == Slip.TargetForgotten ? 1 : _o.RealTarget;
        var loss = Pairs ? F.softplus(fake.Logits - real.Logits).mean()
            : Both(fake.Unconditional, fake.Logits, l => F.softplus(l).mean())
                + Both(real.Unconditional, real.Logits, Real);
        if (real.Classes is not null)
            loss = loss + GanLosses.Class(real.Classes, OneHot(labels)) * (_o.ClassWeight * ClassShare);
        if (real.Mismatched is not null) loss = loss + F.softplus(real.Mismatched).mean() * (_o.MismatchWeight * ClassShare);
        loss.backward();
        _discriminatorAdam.Step();

        Tensor Real(Tensor l) => F.softplus(-l).mean() * target + F.softplus(l).mean() * (1 - target);
    }

    private void Penalise()
    {
        var (reals, labels) = _reals.At(_step);
        Add(reals, "r1");
        if (Pairs) Add(_slip == Slip.SecondPenaltyOnReals ? _reals.At(_step).Images : Fakes("r2", labels), "r2");
        _discriminatorAdam.Step();

        void Add(Tensor images, string purpose)
        {
            images.requires_grad_();
            var shown = _augmenter.Apply(images, _o.AugmentP, $"gan/augment/{purpose}", _step);
            var j = Discriminator.ForwardHeads(shown, OneHot(labels));
            var weight = _slip == Slip.LambdaNotInScore ? 1 : Lambda;
            var score = j.Unconditional is null ? j.Logits : j.Unconditional + j.Logits * weight;
            var penalty = GanLosses.R1(score, _slip == Slip.PenaltyAfterAugmentation ? shown : images, _o.Gamma!.Value);
            (penalty * (_slip == Slip.PenaltyWithoutInterval ? 1 : _o.R1Interval)).backward();
        }
    }

    private void Average()
    {
        using var off = no_grad();
        var seen = Images + (_slip == Slip.AverageOneStepLate ? _o.Batch : 0);
        var halfLife = _slip == Slip.AverageWithoutHalfLife ? seen * _o.EmaRamp
            : _slip == Slip.AverageWithoutRamp ? _o.EmaKimg * 1000
            : Math.Min(_o.EmaKimg * 1000, seen * _o.EmaRamp);
        var keep = halfLife == 0 ? 0 : Math.Pow(0.5, _o.Batch / halfLife);
        foreach (var (name, live) in Generator.named_parameters())
            Averaged[name].copy_(Averaged[name] * keep + live * (1 - keep));
    }

    private Tensor Fakes(string phase, int[] labels)
    {
        using var off = no_grad();
        return Synthesize(Latents(phase, labels), phase);
    }

    private Tensor Latents(string phase, int[] labels, bool track = false)
    {
        var c = OneHot(labels);
        var ws = Generator.Map(_keys.Normal($"gan/z/{phase}", _step, labels.Length, _o.ZDim), c, track);
        if (_o.MixingProbability == 0 || _slip == Slip.NeverMixed) return ws;
        var random = _keys.Random($"gan/mix/{phase}", _step);
        var mixes = random.Uniform() < _o.MixingProbability;
        if (!mixes && _slip != Slip.AlwaysMixed) return ws;
        var second = Generator.Map(_keys.Normal($"gan/z2/{phase}", _step, labels.Length, _o.ZDim), c);
        var cut = 1 + random.Next(Generator.NumWs - 1);
        return cat([ws.narrow(1, 0, cut), second.narrow(1, cut, Generator.NumWs - cut)], 1);
    }

    private Tensor Synthesize(Tensor ws, string phase)
    {
        using var random = _keys.Generator($"gan/noise/{phase}", _step);
        return Generator.Synthesize(ws, NoiseMode.Random, random);
    }

    private int[] LabelsOfFakes(string phase) => Pairs ? _reals.At(_step).Labels : DrawLabels(phase, _o.Batch);

    private int[] DrawLabels(string phase, int count)
    {
        var random = _keys.Random($"gan/labels/{phase}", _step);
        var balanced = _o.FakeLabels == FakeLabels.Balanced && _slip != Slip.LabelsOfTheData;
        return [.. Enumerable.Range(0, count).Select(_ => balanced ? random.Next(2) : _labels[random.Next(_labels.Length)])];
    }

    private (Tensor Logits, Tensor? Classes, Tensor? Unconditional, Tensor? Mismatched) Judge(
        Tensor images, int[] labels, string purpose, int[]? others = null)
    {
        var shown = _augmenter.Apply(images, _o.AugmentP, $"gan/augment/{purpose}", _step);
        var j = Discriminator.ForwardHeads(shown, OneHot(labels), others is null ? null : OneHot(others));
        return (j.Logits, j.Classes, j.Unconditional, j.Mismatched);
    }

    /// <summary>L(unconditional) + λ·L(conditional).</summary>
    private Tensor Both(Tensor? unconditional, Tensor logits, Func<Tensor, Tensor> loss) => unconditional is null ? loss(logits)
        : loss(unconditional) + loss(logits) * (_slip == Slip.LambdaNotInLosses ? 1 : Lambda);

    private static Tensor OneHot(int[] labels) => eye(2).index_select(0, tensor(labels.Select(l => (long)l).ToArray()));

    /// <summary>With a term that every I-th step adds a step for: lr·I/(I + 1) and 0.99^(I/(I + 1)).</summary>
    private PlainAdam Adam(nn.Module network, int interval) =>
        interval == 0 ? new(network, _o.LearningRate, 0.99)
        : new(network, _o.LearningRate * interval / (interval + 1), Math.Pow(0.99, interval / (interval + 1.0)));

    public void Dispose()
    {
        Generator.Dispose();
        Discriminator.Dispose();
    }

    /// <summary>Adam (arXiv 1412.6980) with β₁ = 0.</summary>
    private sealed class PlainAdam(nn.Module network, double rate, double beta)
    {
        private readonly (Tensor Value, Tensor Square)[] _slots =
            [.. network.parameters().Select(p => ((Tensor)p, zeros(p.shape)))];
        private int _steps;

        public void Step()
        {
            using var off = no_grad();
            _steps++;
            foreach (var (value, square) in _slots)
            {
                if (value.grad is not { } g) continue;
                square.mul_(beta).addcmul_(g, g, 1 - beta);
                value.sub_(g / ((square / (1 - Math.Pow(beta, _steps))).sqrt() + 1e-8) * rate);
            }
            ZeroGradient();
        }

        public void ZeroGradient()
        {
            foreach (var (value, _) in _slots) value.grad?.zero_();
        }
    }
}
