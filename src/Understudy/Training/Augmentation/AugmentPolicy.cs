using Understudy.Common;

namespace Understudy.Training.Augmentation;

/// <summary>
/// Which of adaptive discriminator augmentation's transforms take part (Karras et al. 2020, arXiv 2006.06676, appendix B): each
/// happens for an image with probability multiplier · p. 0 leaves a transform out.
/// </summary>
public sealed record AugmentPolicy
{
    public double XFlip { get; init; }
    public double Rotate90 { get; init; }
    public double IntegerTranslation { get; init; }
    public double Scale { get; init; }
    public double Rotation { get; init; }
    public double Anisotropic { get; init; }
    public double FractionalTranslation { get; init; }
    public double Brightness { get; init; }
    public double Contrast { get; init; }
    public double LumaFlip { get; init; }
    public double Hue { get; init; }
    public double Saturation { get; init; }
    public double BandFilter { get; init; }
    public double Noise { get; init; }
    public double Cutout { get; init; }

    private static AugmentPolicy Bg { get; } = new()
    {
        XFlip = 1,
        Rotate90 = 1,
        IntegerTranslation = 1,
        Scale = 1,
        Rotation = 1,
        Anisotropic = 1,
        FractionalTranslation = 1,
    };

    private static AugmentPolicy Bgc { get; } = Bg with { Brightness = 1, Contrast = 1, LumaFlip = 1, Hue = 1, Saturation = 1 };

    /// <summary>The set of this name, or null where the augmentation is another.</summary>
    public static AugmentPolicy? Of(AugmentKind kind) => kind switch
    {
        AugmentKind.Blit => new() { XFlip = 1, Rotate90 = 1, IntegerTranslation = 1 },
        AugmentKind.Geom => new() { Scale = 1, Rotation = 1, Anisotropic = 1, FractionalTranslation = 1 },
        AugmentKind.Color => new() { Brightness = 1, Contrast = 1, LumaFlip = 1, Hue = 1, Saturation = 1 },
        AugmentKind.Bg => Bg,
        AugmentKind.Bgc => Bgc,
        AugmentKind.Bgcf => Bgc with { BandFilter = 1 },
        AugmentKind.Bgcfn => Bgc with { BandFilter = 1, Noise = 1 },
        AugmentKind.Bgcfnc => Bgc with { BandFilter = 1, Noise = 1, Cutout = 1 },
        _ => null,
    };

    /// <summary>Throws where images of this shape cannot go through the transforms.</summary>
    /// <exception cref="OptionException">Colour on other than 1 or 3 channels, or the band filter on images under 22
    /// pixels.</exception>
    public void RequireFit(int channels, int height, int width)
    {
        if (HasColour && channels is not (1 or 3))
            throw new OptionException($"augment: colour needs images of 1 or 3 channels, not {channels}; choose bg");
        if (BandFilter > 0 && Math.Min(height, width) <= Wavelets.BandReach)
            throw new OptionException($"augment: the band filter needs images of {Wavelets.BandReach + 1} pixels, not "
                + $"{width}×{height}; choose bgc");
    }

    internal bool HasGeometry =>
        XFlip > 0 || Rotate90 > 0 || IntegerTranslation > 0 || Scale > 0 || Rotation > 0 || Anisotropic > 0
            || FractionalTranslation > 0;

    internal bool HasColour => Brightness > 0 || Contrast > 0 || LumaFlip > 0 || Hue > 0 || Saturation > 0;
}
