using static TorchSharp.torch;

namespace Understudy.Training.Losses;

/// <summary>The losses of StyleGAN2-ADA, one method an equation. Every loss is a batch mean; logits are [N, 1].</summary>
public static class GanLosses
{
    /// <summary>softplus(−D(G(z))): non-saturating (Goodfellow et al. 2014, arXiv 1406.2661).</summary>
    public static Tensor GeneratorMain(Tensor fakeLogits) => throw new NotImplementedException();

    /// <summary>softplus(D(G(z))).</summary>
    public static Tensor DiscriminatorFake(Tensor fakeLogits) => throw new NotImplementedException();

    /// <summary>softplus(−D(x)).</summary>
    public static Tensor DiscriminatorReal(Tensor realLogits) => throw new NotImplementedException();

    /// <summary>γ/2 · Σ (∂ΣD/∂x)², Σ over C, H, W, mean over the batch (Mescheder et al. 2018, arXiv 1801.04406). <paramref name="images"/> requires grad.</summary>
    public static Tensor R1(Tensor realLogits, Tensor images, double gamma) => throw new NotImplementedException();

    /// <summary>Path length (arXiv 1912.04958, §3.2): returns the loss and the mean length of this batch; μ moves by <paramref name="decay"/>.</summary>
    /// <param name="images">G(ws), [N, C, H, W]. <paramref name="ws"/> requires grad.</param>
    /// <param name="noise">y ~ N(0,1), the images' shape, not yet scaled by 1/√(HW).</param>
    /// <param name="mean">μ before this step, a scalar tensor without grad.</param>
    /// <returns>The loss with weight included, and μ after this step (detached).</returns>
    public static (Tensor Loss, Tensor Mean) PathLength(Tensor images, Tensor ws, Tensor noise, Tensor mean, double decay = 0.01, double weight = 2) =>
        throw new NotImplementedException();

    /// <summary>Layers from <paramref name="cutoff"/> on take the second w. ws, other [N, NumWs, w_dim].</summary>
    public static Tensor MixStyles(Tensor ws, Tensor other, int cutoff) => throw new NotImplementedException();
}
