using Understudy.Networks.StyleGan2;
using Understudy.Training.Optimisers;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training.Phases;

/// <summary>The two networks in training, with their optimisers, and the generator's moving average.</summary>
internal sealed class GanNetworks : IDisposable
{
    /// <summary>The averaged generator's name in a checkpoint.</summary>
    public const string EmaName = "generator_ema";

    private readonly Ema _ema;
    private readonly double _generatorRate, _discriminatorRate;
    private readonly Func<string, bool>? _frozen;

    public GanNetworks(GeneratorOptions generator, DiscriminatorOptions discriminator, GanTrainingOptions options, ulong seed)
    {
        Generator = new Generator(generator, seed);
        Discriminator = new Discriminator(discriminator, seed);
        Averaged = Generator.Copy();
        _frozen = FrozenNames(options.FrozenBlocks);
        (GeneratorWeights, DiscriminatorWeights) = (new(Generator), new(Discriminator, _frozen));
        _ema = new Ema(GeneratorWeights, Averaged);
        GeneratorAdam = LazyAdam(GeneratorWeights, options.LearningRate, options.PathLengthInterval);
        DiscriminatorAdam = LazyAdam(DiscriminatorWeights, options.LearningRate, options.Gamma == 0 ? 0 : options.R1Interval);
        (_generatorRate, _discriminatorRate) = (GeneratorAdam.LearningRate, DiscriminatorAdam.LearningRate);
    }

    public Generator Generator { get; }

    public Discriminator Discriminator { get; }

    /// <summary>The averaged generator: what is kept, shown and used.</summary>
    public Generator Averaged { get; }

    public FlatParameters GeneratorWeights { get; }

    public FlatParameters DiscriminatorWeights { get; }

    public Adam GeneratorAdam { get; }

    public Adam DiscriminatorAdam { get; }

    /// <summary>Whether a parameter of the discriminator is held still.</summary>
    public bool IsFrozen(string name) => _frozen?.Invoke(name) ?? false;

    /// <summary>Moves the average towards the generator: average ← beta·average + (1 − beta)·generator.</summary>
    public void Average(double beta) => _ema.Update(beta);

    /// <summary>How much the condition counts, in both generators: λ of arXiv 2201.06578.</summary>
    public double ConditionWeight
    {
        set => (Generator.LabelScale, Averaged.LabelScale) = (value, value);
    }

    /// <summary>What the learning rates of the options are multiplied with.</summary>
    public double StepFactor
    {
        set => (GeneratorAdam.LearningRate, DiscriminatorAdam.LearningRate) =
            (value * _generatorRate, value * _discriminatorRate);
    }

    /// <summary>Whether every weight, averages and moments included, is a number.</summary>
    public bool AreFinite()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        return GeneratorAdam.State.Concat(DiscriminatorAdam.State).Select(s => s.Buffer)
            .Concat([GeneratorWeights.Values, DiscriminatorWeights.Values, _ema.Averages.Values])
            .All(t => t.isfinite().all().item<bool>());
    }

    public void Register(TrainingState state) => state
        .Add("generator", Generator).Add("discriminator", Discriminator).Add(EmaName, Averaged)
        .Add("generator_adam", GeneratorAdam).Add("discriminator_adam", DiscriminatorAdam);

    private Func<string, bool>? FrozenNames(int blocks)
    {
        if (blocks == 0) return null;
        var frozen = Discriminator.BlockNames.Take(blocks).Select(b => b + ".").ToArray();
        return name => frozen.Any(b => name.StartsWith(b, StringComparison.Ordinal));
    }

    /// <summary>Adam with β (0, 0.99); where every I-th step has a further term, lr·I/(I+1) and β^(I/(I+1)).</summary>
    internal static Adam LazyAdam(FlatParameters weights, double learningRate, int interval)
    {
        var ratio = interval == 0 ? 1 : interval / (interval + 1.0);
        return new(weights, learningRate * ratio, 0, Math.Pow(0.99, ratio));
    }

    public void Dispose()
    {
        foreach (var part in new IDisposable[] { GeneratorAdam, DiscriminatorAdam, _ema, GeneratorWeights, DiscriminatorWeights,
            Averaged, Generator, Discriminator })
        {
            part.Dispose();
        }
    }
}
