namespace Understudy.Training.Augmentation;

/// <summary>What happens to one image; null where a transform does not.</summary>
internal sealed record AugmentSample
{
    /// <summary>Whether the flip that happens is one.</summary>
    public bool? XFlip { get; init; }

    /// <summary>0 to 3.</summary>
    public int? QuarterTurns { get; init; }

    /// <summary>Whole pixels, right and down.</summary>
    public (double X, double Y)? Shift { get; init; }

    public double? Scale { get; init; }

    /// <summary>Radians.</summary>
    public double? Rotation { get; init; }

    /// <summary>Factor of the width; the height takes its inverse.</summary>
    public double? Stretch { get; init; }

    /// <summary>Radians, after the stretch.</summary>
    public double? SecondRotation { get; init; }

    /// <summary>Shares of the width and height.</summary>
    public (double X, double Y)? FractionalShift { get; init; }

    public double? Brightness { get; init; }

    public double? Contrast { get; init; }

    /// <summary>Whether the luma flip that happens is one.</summary>
    public bool? LumaFlip { get; init; }

    /// <summary>Radians about the grey axis.</summary>
    public double? Hue { get; init; }

    public double? Saturation { get; init; }

    /// <summary>Gain of each octave band before they are brought to equal power, from low to high.</summary>
    public double?[] Bands { get; init; } = [];

    /// <summary>Standard deviation of the noise added.</summary>
    public double? Noise { get; init; }

    /// <summary>Centre of what is cut out, in shares of the width and height.</summary>
    public (double X, double Y)? Cutout { get; init; }

    /// <summary>Draws for one image; the same numbers are used up whatever happens.</summary>
    public static AugmentSample Draw(AugmentPolicy policy, AugmentRandom draws, int channels, int height, int width)
    {
        // In the paper's order, which is the order of the draws.
        var d = new AugmentSample();
        if (policy.XFlip > 0) d = d with { XFlip = AugmentRandom.When(draws.Happens(policy.XFlip), draws.Below(2) == 1) };
        if (policy.Rotate90 > 0) d = d with { QuarterTurns = AugmentRandom.When(draws.Happens(policy.Rotate90), draws.Below(4)) };
        if (policy.IntegerTranslation > 0)
        {
            d = d with
            {
                Shift = AugmentRandom.When(draws.Happens(policy.IntegerTranslation),
                    (Math.Round(draws.Uniform(-0.125, 0.125) * width), Math.Round(draws.Uniform(-0.125, 0.125) * height))),
            };
        }
        if (policy.Scale > 0) d = d with { Scale = AugmentRandom.When(draws.Happens(policy.Scale), draws.LogNormal(0.2)) };
        if (policy.Rotation > 0)
            d = d with { Rotation = AugmentRandom.When(draws.Rotates(policy.Rotation, second: false), draws.Angle()) };
        if (policy.Anisotropic > 0)
            d = d with { Stretch = AugmentRandom.When(draws.Happens(policy.Anisotropic), draws.LogNormal(0.2)) };
        if (policy.Rotation > 0)
            d = d with { SecondRotation = AugmentRandom.When(draws.Rotates(policy.Rotation, second: true), draws.Angle()) };
        if (policy.FractionalTranslation > 0)
        {
            d = d with
            {
                FractionalShift = AugmentRandom.When(draws.Happens(policy.FractionalTranslation),
                    (draws.Normal(0.125), draws.Normal(0.125))),
            };
        }
        if (policy.Brightness > 0)
            d = d with { Brightness = AugmentRandom.When(draws.Happens(policy.Brightness), draws.Normal(0.2)) };
        if (policy.Contrast > 0)
            d = d with { Contrast = AugmentRandom.When(draws.Happens(policy.Contrast), draws.LogNormal(0.5)) };
        if (policy.LumaFlip > 0)
            d = d with { LumaFlip = AugmentRandom.When(draws.Happens(policy.LumaFlip), draws.Below(2) == 1) };
        if (policy.Hue > 0 && channels == 3) d = d with { Hue = AugmentRandom.When(draws.Happens(policy.Hue), draws.Angle()) };
        if (policy.Saturation > 0 && channels == 3)
            d = d with { Saturation = AugmentRandom.When(draws.Happens(policy.Saturation), draws.LogNormal(1)) };
        if (policy.BandFilter > 0)
            d = d with
            {
                Bands = [.. Enumerable.Range(0, 4)
                .Select(_ => AugmentRandom.When(draws.Happens(policy.BandFilter), draws.LogNormal(1)))]
            };
        if (policy.Noise > 0) d = d with { Noise = AugmentRandom.When(draws.Happens(policy.Noise), draws.HalfNormal(0.1)) };
        if (policy.Cutout > 0)
            d = d with { Cutout = AugmentRandom.When(draws.Happens(policy.Cutout), (draws.Uniform(0, 1), draws.Uniform(0, 1))) };
        return d;
    }

    /// <summary>Where a pixel of the result comes from: the transforms' inverses, each new one on the right.</summary>
    public Affine Geometry(int height, int width)
    {
        var g = Affine.Identity;
        if (XFlip == true) g *= Affine.Scale(-1, 1);
        if (QuarterTurns is > 0 and var k) g *= Affine.Rotate(Math.PI / 2 * k);
        if (Shift is { } t) g *= Affine.Translate(-t.X, -t.Y);
        if (Scale is { } s) g *= Affine.Scale(1 / s, 1 / s);
        if (Rotation is { } first) g *= Affine.Rotate(first);
        if (Stretch is { } a) g *= Affine.Scale(1 / a, a);
        if (SecondRotation is { } second) g *= Affine.Rotate(second);
        if (FractionalShift is { } f) g *= Affine.Translate(-f.X * width, -f.Y * height);
        return g;
    }

    public ColourMatrix Colour()
    {
        var m = new ColourMatrix();
        if (Brightness is { } b) m.Brighten(b);
        if (Contrast is { } c) m.Scale(c);
        if (LumaFlip == true) m.FlipLuma();
        if (Hue is { } angle) m.TurnHue(angle);
        if (Saturation is { } s) m.Saturate(s);
        return m;
    }
}
