using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Training.Losses;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>The moving parts of one training run: networks, optimiser, batches; one step, one end of an epoch.</summary>
internal sealed class ClassifierRun : IDisposable
{
    /// <summary>Images that batch norm's statistics of the averaged weights are gathered from.</summary>
    private const int StatisticsImages = 1024;

    private readonly ClassifierOptions _options;
    private readonly Keys _keys;
    private readonly TrainingBatches _batches;
    private readonly ImageSet _validation;
    private readonly nn.Module<Tensor, Tensor> _net, _averaged;
    private readonly FlatParameters _parameters;
    private readonly Ema _ema;
    private readonly RunningNet _running, _runningAverage;
    private readonly Optimiser _optimiser;
    private readonly ClassifierRate _rate;
    private readonly TickStats _stats = new();
    private readonly BestEpoch _bestEpoch = new();

    /// <param name="start">Weights to go on from; null for those of the seed.</param>
    public ClassifierRun(ClassifierOptions options, ClassifierData data, ulong seed, ClassifierStart? start,
        ProgressSink progress)
    {
        (_options, _keys) = (options, new(seed));
        _batches = new(options, data, seed);
        data.RequireValidationChannels(Shape.Channels);
        _validation = Batches.Resized(data.Validation, options.Size);
        _rate = new(options, Clock.TotalSteps);

        var (shape, classes) = (_batches.FirstShape, data.Selection.Classes);
        nn.Module<Tensor, Tensor> Empty() =>
            ClassifierNet.Uninitialised(options.Arch, shape, classes.Count, options.Dropout, options.Normalise);
        _net = ClassifierNet.Create(options.Arch, shape, classes.Count, options.Dropout, seed, options.Normalise);
        (_averaged, Best) = (Empty(), Empty());
        var loaded = start?.Load(_net, options.Arch, classes, progress);
        _parameters = new(_net);
        _ema = new(_parameters, _averaged);
        Weights.CopyState(_net, Best);
        (_running, _runningAverage) = (new(_parameters, options.Precision, Empty), new(_ema.Averages, options.Precision, Empty));
        _optimiser = LearningRule.OptimiserOf(options, _parameters,
            LayerRates.Of(_parameters, options.LayerDecay, loaded?.Fresh));
        State = new TrainingState().Add("net", _net).Add("ema", _averaged).Add("best", Best).Add("optimiser", _optimiser)
            .Add("stats", _stats.Save, _stats.Load);
        _bestEpoch.AddTo(State);
        _rate.AddTo(State);
    }

    /// <summary>All that a checkpoint holds.</summary>
    public TrainingState State { get; }

    public EpochClock Clock => _batches.Clock;

    /// <summary>Of the images the finished classifier takes.</summary>
    public ImageShape Shape => _batches.Plain.Shape;

    /// <summary>The averaged weights of the best epoch so far.</summary>
    public nn.Module<Tensor, Tensor> Best { get; }

    /// <summary>From 1; 0 before the first validation.</summary>
    public int BestEpoch => _bestEpoch.Epoch;

    /// <summary>One step of training.</summary>
    /// <returns>The loss.</returns>
    /// <exception cref="TrainingDivergedException">It is no number any more.</exception>
    public double Step(long step)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        var (images, targets, weights) = _batches.At(step);
        _keys.SeedDropout(step);
        _running.Refresh();
        _running.Net.train();
        var loss = ClassificationLosses.SoftCrossEntropy(_running.Logits(images), targets, weights);
        _running.Backward(loss);
        _optimiser.LearningRate = _rate.At(step);
        _optimiser.Step();
        _ema.Update(LearningRule.AverageDecay(_options.Ema, step));
        var value = loss.item<float>();
        LearningRule.RequireFinite(value, "the loss", step + 1, _options);
        _stats.Add(EpochLine.TrainLoss, value);
        return value;
    }

    /// <summary>Makes a step's batch and throws it away: what it costs is a benchmark's question.</summary>
    public void LoadOnly(long step)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        _batches.At(step);
    }

    /// <summary>Whether so many epochs have passed without a better one that training ends here.</summary>
    public bool LostPatience(long steps) => _bestEpoch.LostPatience(Clock.EpochsAfter(steps), _options);

    /// <summary>Validates the averaged weights and keeps them if they are the best.</summary>
    /// <returns>The epoch's line of stats.jsonl.</returns>
    /// <exception cref="TrainingDivergedException">The averaged weights answer with what is no number.</exception>
    public IReadOnlyDictionary<string, double> EndEpoch(long steps, ProgressSink progress)
    {
        var plain = _batches.Plain;
        _runningAverage.Refresh();
        BatchNormStatistics.Gather(_runningAverage.Net, k => _runningAverage.Images(plain.At(k).Images),
            Math.Min(plain.PerPass, Math.Max(1, StatisticsImages / _options.Batch)));
        var probabilities = Probabilities(_validation, progress);
        foreach (var p in probabilities) LearningRule.RequireFinite(p, "a probability in validation", steps, _options);
        var score = ValidationScore.Of(new([.. plain.Classes], _validation.Ids, _validation.Labels, probabilities));
        var epoch = Clock.EpochsAfter(steps);
        if (_bestEpoch.Take(epoch, score)) Weights.CopyState(_averaged, Best);
        _rate.EndEpoch(epoch, BestEpoch);
        return EpochLine.Of(_stats, epoch, _optimiser.LearningRate, score);
    }

    /// <summary>The averaged weights' answers, [N, K], with batch norm's statistics as the last epoch's end left them.</summary>
    public float[,] Probabilities(ImageSet set, ProgressSink progress)
    {
        _runningAverage.Refresh();
        _runningAverage.Net.eval();
        return ClassifierPredictor.Probabilities(_runningAverage.Logits, set, _batches.Plain.Classes.Count, _options.FlipAverage,
            progress,
            "validate", default, _options.Size);
    }

    /// <summary>What is worth seeing while it trains.</summary>
    public string Note(double loss) => FormattableString.Invariant($"loss {loss:0.000}{(BestEpoch > 0
        ? FormattableString.Invariant($", validation {_bestEpoch.Score.Accuracy:0.000} (epoch {BestEpoch})") : "")}");

    public void Dispose()
    {
        _running.Dispose();
        _runningAverage.Dispose();
        _optimiser.Dispose();
        _ema.Dispose();
        _parameters.Dispose();
        _net.Dispose();
        _averaged.Dispose();
        Best.Dispose();
    }
}
