namespace Understudy.Networks.StyleGan2;

/// <summary>Where the per-pixel noise of the synthesis layers comes from.</summary>
public enum NoiseMode
{
    /// <summary>Fresh N(0,1) for every image: training.</summary>
    Random,

    /// <summary>The fixed pattern stored with the layer: the same image for the same w.</summary>
    Const,

    /// <summary>No noise.</summary>
    None,
}
