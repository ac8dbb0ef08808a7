namespace Understudy.Networks.Classifiers;

/// <summary>How a network that was made for photographs begins.</summary>
internal enum Stem
{
    /// <summary>As published, for images of about 224 pixels: the sides are halved five times.</summary>
    Large,

    /// <summary>
    /// For images of about 48 pixels: the first convolution does not halve, and a ResNet's is 3×3 without max pooling (as He et
    /// al. do for CIFAR, arXiv 1512.03385, section 4.2).
    /// </summary>
    Small,
}
