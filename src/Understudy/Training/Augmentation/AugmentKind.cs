namespace Understudy.Training.Augmentation;

/// <summary>What a discriminator's images go through, real and fake alike.</summary>
public enum AugmentKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Left-right flips of half the images that are augmented.</summary>
    Flip,

    /// <summary>Colour, translation and cutout (DiffAugment, arXiv 2006.10738).</summary>
    DiffAugment,
}
