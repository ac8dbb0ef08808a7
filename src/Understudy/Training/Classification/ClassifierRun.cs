using System.Globalization;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Utility;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Training.Augmentation;
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
    private readonly ulong _seed;
    private readonly Batches _early, _full;
    private readonly ImageSet _validation;
    private readonly nn.Module<Tensor, Tensor> _net, _averaged;
    private readonly FlatParameters _parameters;
    private readonly Ema _ema;
    private readonly RunningNet _running, _runningAverage;
    private readonly Optimiser _optimiser;
    private readonly ClassifierRate _rate;
    private readonly Tensor? _logShares;
    private readonly TickStats _stats = new();
    private double _bestAccuracy = -1, _bestNll = double.PositiveInfinity;

    /// <param name="start">Weights to go on from; null for those of the seed.</param>
    public ClassifierRun(ClassifierOptions options, ClassifierData data, ulong seed, ClassifierStart? start, ProgressSink progress)
    {
        (_options, _seed) = (options, seed);
        Batches At(int side) => new(data.Selection, data.Sets, side, options.Batch, seed, options.ClassBalanced, options.ClassWeighting);
        _full = At(options.Size);
        _early = options.EarlySize == options.Size ? _full : At(options.EarlySize);
        if (data.Validation.Shape.Channels != Shape.Channels)
        {
            throw new OptionException($"validation: its images have {data.Validation.Shape.Channels} channels, the training images {Shape.Channels}; "
                + "read both with the same --channels");
        }
        _validation = Resizer.Resize(data.Validation, options.Size, options.Size);
        TotalSteps = options.Steps ?? (long)options.Epochs * _full.PerPass;
        _rate = new(options, TotalSteps);

        var (shape, classes) = (_early.Shape, data.Selection.Classes.Count);
        nn.Module<Tensor, Tensor> Empty() => ClassifierNet.Uninitialised(options.Arch, shape, classes, options.Dropout, options.Normalise);
        _net = ClassifierNet.Create(options.Arch, shape, classes, options.Dropout, seed, options.Normalise);
        (_averaged, Best) = (Empty(), Empty());
        var loaded = start?.Load(_net, options.Arch, progress);
        _parameters = new(_net);
        _ema = new(_parameters, _averaged);
        Weights.CopyState(_net, Best);
        (_running, _runningAverage) = (new(_parameters, options.Precision, Empty), new(_ema.Averages, options.Precision, Empty));
        _optimiser = OptimiserOf(options, _parameters, LayerRates.Of(_parameters, options.LayerDecay, loaded?.Fresh));
        State = new TrainingState().Add("net", _net).Add("ema", _averaged).Add("best", Best).Add("optimiser", _optimiser).Add("stats", _stats.Save, _stats.Load)
            .Add("best_epoch", () => BestEpoch, v => BestEpoch = (int)v)
            .Add("best_accuracy", () => _bestAccuracy, v => _bestAccuracy = v)
            .Add("best_nll", () => _bestNll, v => _bestNll = v);
        _rate.AddTo(State);
        _logShares = ClassShares.Logarithms(data.Selection, options);
    }

    /// <summary>All that a checkpoint holds.</summary>
    public TrainingState State { get; }

    public long TotalSteps { get; }

    /// <summary>Of the images the finished classifier takes.</summary>
    public ImageShape Shape => _full.Shape;

    /// <summary>The averaged weights of the best epoch so far.</summary>
    public nn.Module<Tensor, Tensor> Best { get; }

    /// <summary>From 1; 0 before the first validation.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>One step of training.</summary>
    /// <returns>The loss.</returns>
    /// <exception cref="TrainingDivergedException">It is no number any more.</exception>
    public double Step(long step)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        var (images, targets, weights) = Load(step);
        // Dropout knows no generator but libtorch's own.
        manual_seed((long)Seeds.For(_seed, "classifier/dropout", step));
        _running.Refresh();
        _running.Net.train();
        var logits = _running.Logits(images);
        if (_logShares is not null) logits = ClassificationLosses.Adjust(logits, _logShares, _options.LogitAdjustment);
        var loss = ClassificationLosses.SoftCrossEntropy(logits, targets, weights);
        _running.Backward(loss);
        _optimiser.LearningRate = _rate.At(step);
        _optimiser.Step();
        _ema.Update(AverageDecay(_options.Ema, step));
        var value = loss.item<float>();
        RequireFinite(value, "the loss", step + 1, _options);
        _stats.Add("train_loss", value);
        return value;
    }

    /// <summary>Makes a step's batch and throws it away: what it costs is a benchmark's question.</summary>
    public void LoadOnly(long step)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        Load(step);
    }

    /// <summary>min(decay, (1 + t) / (10 + t)): a short run is averaged over its last tenth, not over its random start.</summary>
    public static double AverageDecay(double decay, long step) => Math.Min(decay, (1.0 + step) / (10 + step));

    /// <summary>Whether an epoch is over after so many steps.</summary>
    public bool EndsEpoch(long steps) => EpochsAfter(steps) > EpochsAfter(steps - 1);

    /// <summary>Whether so many epochs have passed without a better one that training ends here.</summary>
    public bool LostPatience(long steps) => LostPatience(_options, EpochsAfter(steps), BestEpoch);

    /// <inheritdoc cref="LostPatience(long)"/>
    public static bool LostPatience(ClassifierOptions options, int epoch, int best) => options.Patience > 0 && epoch - best >= options.Patience;

    /// <summary>Whether one epoch is better than another: by accuracy, and of equals by NLL.</summary>
    public static bool IsBetter((double Accuracy, double Nll) epoch, (double Accuracy, double Nll) best) =>
        epoch.Accuracy > best.Accuracy || (epoch.Accuracy == best.Accuracy && epoch.Nll < best.Nll);

    /// <summary>Validates the averaged weights and keeps them if they are the best.</summary>
    /// <returns>The epoch's line of stats.jsonl.</returns>
    /// <exception cref="TrainingDivergedException">The averaged weights answer with what is no number.</exception>
    public IReadOnlyDictionary<string, double> EndEpoch(long steps, ProgressSink progress)
    {
        var batches = Math.Min(_full.PerPass, Math.Max(1, StatisticsImages / _options.Batch));
        _runningAverage.Refresh();
        BatchNormStatistics.Gather(_runningAverage.Net, k => _runningAverage.Images(_full.At(k).Images), batches);
        var probabilities = Probabilities(_validation, progress);
        foreach (var p in probabilities) RequireFinite(p, "a probability in validation", steps, _options);
        var validated = new Predictions([.. _full.Classes], _validation.Ids, _validation.Labels, probabilities);
        var accuracy = validated.Predicted().Zip(validated.Labels).Count(p => p.First == p.Second) / (double)validated.Count;
        var nll = Calibration.NegativeLogLikelihood(validated);
        var epoch = EpochsAfter(steps);
        if (IsBetter((accuracy, nll), (_bestAccuracy, _bestNll)))
        {
            (BestEpoch, _bestAccuracy, _bestNll) = (epoch, accuracy, nll);
            Weights.CopyState(_averaged, Best);
        }
        _rate.EndEpoch(epoch, BestEpoch);
        return new Dictionary<string, double>(_stats.Take())
        {
            ["epoch"] = epoch,
            ["learning_rate"] = _optimiser.LearningRate,
            ["validation_accuracy"] = accuracy,
            ["validation_nll"] = nll,
        };
    }

    /// <exception cref="TrainingDivergedException">The value is no number, or infinite.</exception>
    public static void RequireFinite(float value, string what, long step, ClassifierOptions options)
    {
        if (float.IsFinite(value)) return;
        var c = CultureInfo.InvariantCulture;
        throw new TrainingDivergedException(string.Create(c, $"train classifier: {what} is {value} at step {step}"),
            string.Create(c, $"Start anew with a lower peak_rate (--rate) than {options.PeakRate}, in another folder (--out): ")
            + "this one keeps the options that failed");
    }

    /// <summary>The optimiser that options ask for.</summary>
    public static Optimiser OptimiserOf(ClassifierOptions options, FlatParameters parameters, Tensor? rateFactors) =>
        options.Optimiser == ClassifierOptimiser.Sgd
            ? new Sgd(parameters, options.PeakRate, momentum: .9, nesterov: true, options.WeightDecay) { RateFactors = rateFactors }
            : new Adam(parameters, options.PeakRate, weightDecay: options.WeightDecay) { RateFactors = rateFactors };

    /// <summary>The averaged weights' answers, [N, K], with batch norm's statistics as the last epoch's end left them.</summary>
    /// <param name="set">Of the network's own size.</param>
    public float[,] Probabilities(ImageSet set, ProgressSink progress)
    {
        _runningAverage.Refresh();
        _runningAverage.Net.eval();
        return ClassifierPredictor.Probabilities(_runningAverage.Logits, set, _full.Classes.Count, _options.FlipAverage, progress, "validate", default);
    }

    /// <summary>A line of stats.jsonl as a record.</summary>
    public static EpochStats ToStats(IReadOnlyDictionary<string, double> line) =>
        new((int)line["epoch"], (long)line["step"], line["train_loss"], line["validation_accuracy"], line["validation_nll"]);

    /// <summary>What is worth seeing while it trains.</summary>
    public string Note(double loss) => FormattableString.Invariant(
        $"loss {loss:0.000}{(BestEpoch > 0 ? FormattableString.Invariant($", validation {_bestAccuracy:0.000} (epoch {BestEpoch})") : "")}");

    public void Dispose()
    {
        _running.Dispose();
        _runningAverage.Dispose();
        _optimiser.Dispose();
        _logShares?.Dispose();
        _ema.Dispose();
        _parameters.Dispose();
        _net.Dispose();
        _averaged.Dispose();
        Best.Dispose();
    }

    /// <summary>The batch of a step, augmented and mixed: tensors of the caller's scope.</summary>
    private Batch Load(long step)
    {
        var batch = (step < _options.EarlyShare * TotalSteps ? _early : _full).At(step);
        var images = ImageAugment.Apply(batch.Images, _options.Augment, _seed, step);
        var (targets, weights) = (ClassificationLosses.Smooth(batch.Targets, _options.LabelSmoothing), batch.Weights);
        var cut = _options.Cutmix > 0 && (_options.Mixup == 0 || new KeyedRandom(_seed, "classifier/mix_or_cut", step).Uniform() < .5);
        if (cut) (images, targets, weights) = CutMix.Apply(images, targets, weights, _options.Cutmix, _seed, step);
        else if (_options.Mixup > 0) (images, targets, weights) = Mixup.Apply(images, targets, weights, _options.Mixup, _seed, step);
        return new(images, targets, weights);
    }

    private int EpochsAfter(long steps) => (int)(steps * _options.Epochs / TotalSteps);
}
