using Understudy.Common;

namespace Understudy.Training.Augmentation;

/// <summary>
/// Which of adaptive discriminator augmentation's transforms take part (Karras et al. 2020, arXiv 2006.06676, appendix B): each happens
/// for an image with probability multiplier · p. 0 leaves a transform out.
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

    /// <summary>Pixel blitting: flips, quarter turns, whole-pixel shifts.</summary>
    public static AugmentPolicy Blit { get; } = new() { XFlip = 1, Rotate90 = 1, IntegerTranslation = 1 };

    /// <summary>General geometry: scaling, rotation, stretching, shifts by fractions.</summary>
    public static AugmentPolicy Geom { get; } = new() { Scale = 1, Rotation = 1, Anisotropic = 1, FractionalTranslation = 1 };

    /// <summary>Colour.</summary>
    public static AugmentPolicy Colour { get; } = new() { Brightness = 1, Contrast = 1, LumaFlip = 1, Hue = 1, Saturation = 1 };

    /// <summary>Blit and geom.</summary>
    public static AugmentPolicy Bg { get; } = Geom with { XFlip = 1, Rotate90 = 1, IntegerTranslation = 1 };

    /// <summary>Blit, geom and colour: the paper's choice.</summary>
    public static AugmentPolicy Bgc { get; } = Bg with { Brightness = 1, Contrast = 1, LumaFlip = 1, Hue = 1, Saturation = 1 };

    /// <summary>Bgc and the band filter.</summary>
    public static AugmentPolicy Bgcf { get; } = Bgc with { BandFilter = 1 };

    /// <summary>Bgcf and noise.</summary>
    public static AugmentPolicy Bgcfn { get; } = Bgcf with { Noise = 1 };

    /// <summary>Everything.</summary>
    public static AugmentPolicy Bgcfnc { get; } = Bgcfn with { Cutout = 1 };

    /// <summary>The set of this name: blit, geom, colour, bg, bgc, bgcf, bgcfn, bgcfnc.</summary>
    /// <exception cref="OptionException">Another name.</exception>
    public static AugmentPolicy Named(string name)
    {
        OptionException.RequireOneOf("augment", name, "blit", "geom", "colour", "bg", "bgc", "bgcf", "bgcfn", "bgcfnc");
        return name switch
        {
            "blit" => Blit,
            "geom" => Geom,
            "colour" => Colour,
            "bg" => Bg,
            "bgc" => Bgc,
            "bgcf" => Bgcf,
            "bgcfn" => Bgcfn,
            _ => Bgcfnc,
        };
    }

    internal bool HasGeometry =>
        XFlip > 0 || Rotate90 > 0 || IntegerTranslation > 0 || Scale > 0 || Rotation > 0 || Anisotropic > 0 || FractionalTranslation > 0;

    internal bool HasColour => Brightness > 0 || Contrast > 0 || LumaFlip > 0 || Hue > 0 || Saturation > 0;
}
