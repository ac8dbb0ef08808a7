using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>
/// The one place that calls <c>autograd.grad</c>: with an input that the output does not depend on, or an output without a graph,
/// the native call ends the process instead of throwing, and <c>create_graph</c> without <c>retain_graph</c> frees what it made.
/// </summary>
public static class Gradients
{
    /// <summary>∂(Σ output)/∂input, differentiable again; zeros where the output does not depend on the input.</summary>
    /// <param name="output">Any shape, with a graph.</param>
    /// <param name="input">Requires grad, and is the tensor itself that the output was computed from (not an alias).</param>
    /// <returns>The shape of <paramref name="input"/>.</returns>
    /// <exception cref="ArgumentException">The output has no graph, or the input requires no gradient.</exception>
    public static Tensor Of(Tensor output, Tensor input) => Of(output, [input])[0];

    /// <summary>∂(Σ output)/∂input for several inputs at once.</summary>
    /// <inheritdoc cref="Of(Tensor, Tensor)"/>
    public static Tensor[] Of(Tensor output, IReadOnlyList<Tensor> inputs)
    {
        if (!output.requires_grad)
            throw new ArgumentException("the output has no graph: was it made under no_grad or detached?", nameof(output));
        if (inputs.FirstOrDefault(i => !i.requires_grad) is { } still)
            throw new ArgumentException($"an input [{string.Join(", ", still.shape)}] requires no gradient: set requires_grad",
                nameof(inputs));
        using var sum = output.sum();
#pragma warning disable RS0030 // the guarded place
        var grads = autograd.grad([sum], inputs.ToArray(), create_graph: true, retain_graph: true, allow_unused: true);
#pragma warning restore RS0030
        return inputs.Select((input, i) => grads[i] is { IsInvalid: false } g ? g : zeros_like(input)).ToArray();
    }
}
