using Understudy.Common;

namespace Understudy.Training.Augmentation;

/// <summary>
/// How far <see cref="ImageAugment"/> may go. The labels stay: nothing here makes another expression of a face.
/// </summary>
public sealed record ImageAugmentOptions
{
    /// <summary>Changes nothing.</summary>
    public static ImageAugmentOptions None { get; } =
        new() { Flip = false, Shift = 0, Rotation = 0, Scale = 0, Brightness = 0, Contrast = 0, Erasing = 0 };

    /// <summary>Whether every second image is mirrored, on average.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Whole pixels up, down, left or right, at most; the border is repeated.</summary>
    public int Shift { get; init; } = 4;

    /// <summary>Degrees either way.</summary>
    public double Rotation { get; init; } = 10;

    /// <summary>.1 for a size of .9 to 1.1.</summary>
    public double Scale { get; init; } = .1;

    /// <summary>.2 for a shift by up to a fifth of the half range: in [−1, 1], ± .2.</summary>
    public double Brightness { get; init; } = .2;

    /// <summary>.2 for a factor of .8 to 1.2 about the image's mean.</summary>
    public double Contrast { get; init; } = .2;

    /// <summary>The probability of a grey rectangle of 2 to 20 % of the area (Zhong et al., arXiv 1708.04896).</summary>
    public double Erasing { get; init; } = .25;

    /// <exception cref="OptionException">The first option out of range.</exception>
    public void Validate()
    {
        OptionException.RequireRange("augment.shift", Shift, 0, 64);
        OptionException.RequireRange("augment.rotation", Rotation, 0, 180);
        OptionException.RequireRange("augment.scale", Scale, 0, .9);
        OptionException.RequireRange("augment.brightness", Brightness, 0, 1);
        OptionException.RequireRange("augment.contrast", Contrast, 0, 1);
        OptionException.RequireRange("augment.erasing", Erasing, 0, 1);
    }
}
