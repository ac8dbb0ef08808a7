using static TorchSharp.torch;

namespace Understudy.Training.Optimisers;

/// <summary>
/// Updates a module's parameters from their gradients, in a few passes over one flat buffer. Its state is plain tensors, so that
/// a checkpoint holds all of it.
/// </summary>
public abstract class Optimiser : IDisposable
{
    private readonly List<(string Name, Tensor Buffer)> _state = [];

    private protected Optimiser(FlatParameters parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        LearningRate = learningRate;
    }

    public FlatParameters Parameters { get; }

    /// <summary>May be set before every step.</summary>
    public double LearningRate { get; set; }

    /// <summary>
    /// What each value's rate is multiplied with, a buffer like <see cref="FlatParameters.Values"/> that becomes the optimiser's;
    /// null for one rate. No part of the state: a function of the options.
    /// </summary>
    public Tensor? RateFactors { get; init; }

    /// <summary>Steps taken, restored with a checkpoint.</summary>
    public long Steps { get; internal set; }

    /// <summary>The moments, by name; buffers like <see cref="FlatParameters.Values"/>.</summary>
    internal IReadOnlyList<(string Name, Tensor Buffer)> State => _state;

    public void ZeroGradient() => Parameters.ZeroGradient();

    /// <summary>One step with the gradients that have been added up.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Steps++;
        Update(Parameters.Values, Parameters.Gradient);
    }

    private protected abstract void Update(Tensor values, Tensor gradient);

    private protected Tensor AddState(string name)
    {
        var buffer = zeros_like(Parameters.Values).DetachFromDisposeScope();
        _state.Add((name, buffer));
        return buffer;
    }

    public virtual void Dispose()
    {
        foreach (var (_, buffer) in _state) buffer.Dispose();
        RateFactors?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The usual choice of what decays: weights of two or more dimensions; not biases, not normalisation.</summary>
    public static bool DecaysByDefault(string name, Tensor parameter) => parameter.dim() > 1;

    private protected static Tensor DecayMask(FlatParameters parameters, Func<string, Tensor, bool>? decays) =>
        parameters.Mask(decays ?? DecaysByDefault).DetachFromDisposeScope();
}
