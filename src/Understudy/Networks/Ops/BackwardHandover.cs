using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// How a custom backward pass hands over its gradients without keeping memory: left alone, TorchSharp 0.107 holds on to every
/// gradient in and out, and to all saved maps, until the whole graph is gone, where libtorch's own functions let go as they are
/// passed.
/// </summary>
internal static class BackwardHandover
{
    [ThreadStatic]
    private static Tensor?[]? s_last;

    /// <summary>
    /// The last thing a custom backward does. What it returned the time before has been taken over by libtorch since, and is
    /// freed; so is the incoming gradient's handle and, where no higher derivative is asked for, what was saved: such a graph is
    /// walked once.
    /// </summary>
    /// <param name="scope">The backward pass's own; closed.</param>
    /// <param name="gradients">One for each argument, null where there is none.</param>
    public static List<Tensor> Return(TorchSharp.DisposeScope scope, autograd.AutogradContext ctx, Tensor incoming,
        params Tensor?[] gradients)
    {
        foreach (var g in s_last ?? []) g?.Dispose();
        foreach (var g in gradients) g?.MoveToOuterDisposeScope();
        s_last = gradients;
        if (!gradients.Any(g => ReferenceEquals(g, incoming))) incoming.Dispose();
        if (!is_grad_enabled()) ctx.Dispose();
        scope.Dispose();
        return [.. gradients.Select(g => g!)];
    }
}
