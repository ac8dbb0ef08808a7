namespace Understudy.Training;

/// <summary>What the two networks play for.</summary>
public enum GanLoss
{
    /// <summary>
    /// Each image by itself: softplus(−D(G(z))) against softplus(D(G(z))) + softplus(−D(x)), with R1 (StyleGAN2).
    /// </summary>
    Nonsaturating,

    /// <summary>
    /// Each fake against a real of its class: softplus(D(x) − D(G(z))) against softplus(D(G(z)) − D(x)), with R1 and R2 (R3GAN,
    /// arXiv 2501.05441).
    /// </summary>
    Relativistic,
}
