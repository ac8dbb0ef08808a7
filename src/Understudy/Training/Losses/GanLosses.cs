using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Training.Losses;

/// <summary>
/// The losses of StyleGAN2-ADA (arXiv 2006.06676), one method an equation. Logits are [N, 1]; every loss is a batch mean, a
/// scalar. The gain of a lazily applied term is its interval, and the trainer's business.
/// </summary>
public static class GanLosses
{
    /// <summary>softplus(−D(G(z))), non-saturating: Goodfellow et al. 2014, arXiv 1406.2661.</summary>
    public static Tensor GeneratorMain(Tensor fakeLogits) => MeanSoftplus(fakeLogits, -1);

    /// <summary>softplus(D(G(z))): Goodfellow et al. 2014, arXiv 1406.2661.</summary>
    public static Tensor DiscriminatorFake(Tensor fakeLogits) => MeanSoftplus(fakeLogits, 1);

    /// <summary>
    /// t·softplus(−D(x)) + (1 − t)·softplus(D(x)): Goodfellow et al. 2014, arXiv 1406.2661; t below 1 is the one-sided label
    /// smoothing of Salimans et al. 2016, arXiv 1606.03498, §3.4, whose optimum is D(x) = log(t / (1 − t)) instead of ∞.
    /// </summary>
    /// <param name="target">t, what a real image counts as; ½ to 1.</param>
    public static Tensor DiscriminatorReal(Tensor realLogits, double target = 1)
    {
        if (target == 1) return MeanSoftplus(realLogits, -1);
        using var scope = NewDisposeScope();
        return (MeanSoftplus(realLogits, -1) * target + MeanSoftplus(realLogits, 1) * (1 - target)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// softplus(D(G(z)) − D(x)), each fake against one real: Jolicoeur-Martineau 2018, arXiv 1807.00734, as in R3GAN, arXiv
    /// 2501.05441.
    /// </summary>
    /// <param name="fakeLogits">[N, 1].</param>
    /// <param name="realLogits">[N, 1], the real images paired with the fakes, of the same classes.</param>
    public static Tensor RelativisticDiscriminator(Tensor fakeLogits, Tensor realLogits)
    {
        using var scope = NewDisposeScope();
        return MeanSoftplus(fakeLogits - realLogits, 1).MoveToOuterDisposeScope();
    }

    /// <summary>softplus(D(x) − D(G(z))): the generator's side of <see cref="RelativisticDiscriminator"/>.</summary>
    /// <inheritdoc cref="RelativisticDiscriminator"/>
    public static Tensor RelativisticGenerator(Tensor fakeLogits, Tensor realLogits)
    {
        using var scope = NewDisposeScope();
        return MeanSoftplus(fakeLogits - realLogits, -1).MoveToOuterDisposeScope();
    }

    /// <summary>−log P(class = c | x), of the class head: L_C of Odena et al. 2016, arXiv 1610.09585.</summary>
    /// <param name="classLogits">[N, K].</param>
    /// <param name="c">One-hot, [N, K].</param>
    public static Tensor Class(Tensor classLogits, Tensor c)
    {
        using var scope = NewDisposeScope();
        return (F.log_softmax(classLogits, 1) * c).sum([1]).mean().neg().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// γ/2 · ‖∂ΣD(x)/∂x‖², summed over C, H, W: Mescheder et al. 2018, arXiv 1801.04406, equation 9; with fakes for x it is their
    /// R2.
    /// </summary>
    /// <param name="images">The x of D(x), [N, C, H, W], before augmentation; requires grad.</param>
    public static Tensor R1(Tensor logits, Tensor images, double gamma)
    {
        using var scope = NewDisposeScope();
        var slope = Gradients.Of(logits, images);
        return (slope.square().sum([1, 2, 3]).mean() * (gamma / 2)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Path length, weight · (ℓ − μ)² with ℓ = √(mean over layers of ‖∂Σ(G(w)·y)/∂w‖²) and y = noise/√(HW):
    /// Karras et al. 2020, arXiv 1912.04958, equation 4. μ follows ℓ and is not detached inside the loss.
    /// </summary>
    /// <param name="images">G(ws), [N, C, H, W].</param>
    /// <param name="ws">[N, NumWs, w_dim], requires grad.</param>
    /// <param name="noise">N(0,1), shaped as the images, not yet scaled.</param>
    /// <param name="mean">μ so far: a scalar without a graph, at first 0.</param>
    /// <returns>The loss, and the new μ without a graph.</returns>
    public static (Tensor Loss, Tensor Mean) PathLength(Tensor images, Tensor ws, Tensor noise, Tensor mean, double decay = 0.01,
        double weight = 2)
    {
        using var scope = NewDisposeScope();
        var y = noise / Math.Sqrt(images.shape[2] * images.shape[3]);
        var jacobian = Gradients.Of(images * y, ws);                                        // [N, NumWs, w_dim]
        var lengths = jacobian.square().sum([2]).mean([1]).sqrt();                          // [N]
        var moved = mean + (lengths.mean() - mean) * decay;
        var loss = (lengths - moved).square().mean() * weight;
        return (loss.MoveToOuterDisposeScope(), moved.detach().MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Style mixing (Karras et al. 2019, arXiv 1812.04948, §3.1): layers from <paramref name="cutoff"/> on take the other w.
    /// </summary>
    /// <param name="ws">[N, NumWs, w_dim].</param>
    /// <param name="other">[N, NumWs, w_dim], of a second z and the same labels.</param>
    /// <param name="cutoff">1 to NumWs − 1, one for the batch.</param>
    public static Tensor MixStyles(Tensor ws, Tensor other, int cutoff)
    {
        var layers = ws.shape[1];
        ArgumentOutOfRangeException.ThrowIfLessThan(cutoff, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cutoff, layers);
        using var scope = NewDisposeScope();
        return cat([ws.narrow(1, 0, cutoff), other.narrow(1, cutoff, layers - cutoff)], 1).MoveToOuterDisposeScope();
    }

    private static Tensor MeanSoftplus(Tensor logits, int sign)
    {
        using var scope = NewDisposeScope();
        return F.softplus(logits * sign).mean().MoveToOuterDisposeScope();
    }
}
