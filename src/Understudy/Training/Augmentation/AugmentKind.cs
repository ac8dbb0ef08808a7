namespace Understudy.Training.Augmentation;

/// <summary>
/// What a discriminator's images go through, real and fake alike. From <see cref="Blit"/> on: the sets of adaptive discriminator
/// augmentation (Karras et al. 2020, arXiv 2006.06676, appendix B), named as there.
/// </summary>
public enum AugmentKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Left-right flips of half the images that are augmented.</summary>
    Flip,

    /// <summary>Colour, translation and cutout (DiffAugment, arXiv 2006.10738).</summary>
    DiffAugment,

    /// <summary>Flips, quarter turns, whole-pixel shifts.</summary>
    Blit,

    /// <summary>Scaling, rotation, stretching, shifts by fractions.</summary>
    Geom,

    /// <summary>Brightness, contrast, luma flips; of RGB images hue and saturation too.</summary>
    Color,

    /// <summary>Blit and geom.</summary>
    Bg,

    /// <summary>Blit, geom and colour: the paper's choice.</summary>
    Bgc,

    /// <summary>Bgc and the band filter; 22 pixels at least.</summary>
    Bgcf,

    /// <summary>Bgcf and noise.</summary>
    Bgcfn,

    /// <summary>Everything: bgcfn and cutout.</summary>
    Bgcfnc,
}
