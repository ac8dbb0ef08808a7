namespace Understudy.Training.Augmentation;

/// <summary>
/// Adaptive discriminator augmentation (Karras et al. 2020, arXiv 2006.06676, §3.1): the share of real images that the
/// discriminator is sure of tells how much it overfits, and the probability p of the augmentations is moved against it. The paper
/// has no ceiling; without one, short runs drive p so high that augmentations leak into the images.
/// </summary>
/// <param name="target">r = mean sign D(real) that is aimed at; the paper's 0.6.</param>
/// <param name="kimg">Thousands of images in which p can rise from 0 to 1; 500 in the paper, 50 to 100 for short runs.</param>
/// <param name="ceiling">p is at most this.</param>
public sealed class AdaController(double target, double kimg, double ceiling)
{
    /// <summary>Steps between adjustments.</summary>
    public const int Interval = 4;

    private double _signs;
    private long _count;

    /// <summary>The probability now.</summary>
    public double P { get; private set; }

    /// <summary>
    /// Call after every step: <paramref name="signMean"/> = mean sign of D's logits for this step's reals; adjusts every fourth.
    /// </summary>
    public void Observe(double signMean, long step, int batch)
    {
        (_signs, _count) = (_signs + signMean, _count + 1);
        if ((step + 1) % Interval != 0) return;
        P = Math.Clamp(P + Math.Sign(_signs / _count - target) * (batch * Interval / (kimg * 1000)), 0, ceiling);
        (_signs, _count) = (0, 0);
    }

    internal void Register(TrainingState state) => state
        .Add("ada/p", () => P, v => P = v)
        .Add("ada/signs", () => _signs, v => _signs = v)
        .Add("ada/count", () => _count, v => _count = (long)v);
}
