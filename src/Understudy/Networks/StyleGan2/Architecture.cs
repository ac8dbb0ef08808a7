namespace Understudy.Networks.StyleGan2;

/// <summary>How the blocks of a network are joined (Karras et al. 2020, arXiv 1912.04958, figure 7).</summary>
public enum Architecture
{
    /// <summary>A plain stack: one image layer at full resolution.</summary>
    Orig,

    /// <summary>An image at every resolution: summed in the generator, read in the discriminator.</summary>
    Skip,

    /// <summary>A 1×1 shortcut around every block, both ways scaled by √½.</summary>
    Resnet,
}
