using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Understudy.Training.Losses;

/// <summary>The losses of classifiers, one equation each. Logits are [N, K].</summary>
public static class ClassificationLosses
{
    /// <summary>
    /// Mean over the batch of wᵢ · −Σₖ tᵢₖ log pᵢₖ, p = softmax(logits). Divided by N, not by Σ w: a weight counts the same
    /// whatever its neighbours in the batch, and weights of mean 1 over the data keep the loss's scale.
    /// </summary>
    /// <param name="targets">[N, K], each row summing to 1.</param>
    /// <param name="weights">[N], or null for 1.</param>
    /// <returns>A scalar.</returns>
    public static Tensor SoftCrossEntropy(Tensor logits, Tensor targets, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        var each = (targets * log_softmax(logits, 1)).sum(1).neg();                               // [N]
        return (weights is null ? each : each * weights).mean().MoveToOuterDisposeScope();
    }

    /// <summary>Mean over the batch of −log p of the label.</summary>
    /// <param name="labels">int64, [N].</param>
    /// <returns>A scalar.</returns>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return log_softmax(logits, 1).gather(1, labels.unsqueeze(1)).mean().neg().MoveToOuterDisposeScope();
    }

    /// <summary>Label smoothing (Szegedy et al., arXiv 1512.00567): (1 − ε)·t + ε/K.</summary>
    /// <param name="targets">[N, K].</param>
    /// <returns>[N, K].</returns>
    public static Tensor Smooth(Tensor targets, double epsilon)
    {
        using var scope = NewDisposeScope();
        return (targets * (1 - epsilon)).add_(epsilon / targets.shape[1]).MoveToOuterDisposeScope();
    }
}
