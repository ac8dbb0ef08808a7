using TorchSharp.Modules;
using Understudy.Common;
using Understudy.Training.Losses;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// A last layer in training on stored features: the steps of <see cref="ClassifierRun"/> without the network before it.
/// </summary>
internal sealed class FrozenHead : IDisposable
{
    private readonly ClassifierOptions _options;
    private readonly FrozenRows _rows;
    private readonly Keys _keys;
    private readonly Linear _head;
    private readonly FlatParameters _parameters;
    private readonly Ema _ema;
    private readonly Optimiser _optimiser;
    private readonly ClassifierRate _rate;
    private readonly Tensor _best;
    private readonly TickStats _stats = new();

    /// <param name="head">Starts from its values, and has those of <see cref="Keep"/> after <see cref="Finish"/>.</param>
    public FrozenHead(Linear head, FrozenRows rows, ClassifierOptions options, ulong seed)
    {
        (_head, _rows, _options, _keys) = (head, rows, options, new(seed));
        Clock = EpochClock.Of(options, rows.PerPass);
        _parameters = new(head);
        Averaged = nn.Linear(head.weight!.shape[1], head.weight.shape[0]);
        _ema = new(_parameters, Averaged);
        _optimiser = LearningRule.OptimiserOf(options, _parameters, rateFactors: null);
        _rate = new(options, Clock.TotalSteps);
        _best = zeros_like(_parameters.Values).DetachFromDisposeScope();
    }

    public EpochClock Clock { get; }

    /// <summary>What is validated and kept.</summary>
    public Linear Averaged { get; }

    /// <exception cref="TrainingDivergedException">The loss is no number any more.</exception>
    public void Step(long step)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        var batch = _rows.At(step);
        _keys.SeedDropout(step);
        _optimiser.ZeroGradient();
        var logits = _head.call(nn.functional.dropout(batch.Images, _options.Dropout, training: true));
        var loss = ClassificationLosses.SoftCrossEntropy(logits,
            ClassificationLosses.Smooth(batch.Targets, _options.LabelSmoothing), batch.Weights);
        loss.backward();
        _optimiser.LearningRate = _rate.At(step);
        _optimiser.Step();
        _ema.Update(LearningRule.AverageDecay(_options.Ema, step));
        var value = loss.item<float>();
        LearningRule.RequireFinite(value, "the loss", step + 1, _options);
        _stats.Add(EpochLine.TrainLoss, value);
    }

    /// <summary>Takes note of which epoch is the best so far.</summary>
    public void NoteBestEpoch(int epoch, int best) => _rate.EndEpoch(epoch, best);

    /// <summary>The epoch's line of stats.jsonl.</summary>
    public IReadOnlyDictionary<string, double> EndEpoch(int epoch, ValidationScore score) =>
        EpochLine.Of(_stats, epoch, _optimiser.LearningRate, score);

    /// <summary>Remembers the averaged weights as the best.</summary>
    public void Keep()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        foreach (var (name, view) in _parameters.Views(_best)) view.copy_(name == "weight" ? Averaged.weight! : Averaged.bias!);
    }

    /// <summary>Gives the layer the weights that were kept.</summary>
    public void Finish()
    {
        using var off = no_grad();
        _parameters.Values.copy_(_best);
    }

    public void Dispose()
    {
        _best.Dispose();
        _optimiser.Dispose();
        _ema.Dispose();
        Averaged.Dispose();
        _parameters.Dispose();
    }
}
