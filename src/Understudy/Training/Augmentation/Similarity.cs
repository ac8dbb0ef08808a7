using Understudy.Common;

namespace Understudy.Training.Augmentation;

/// <summary>A movement of an image about its centre: first scaled and turned, then shifted.</summary>
/// <param name="Right">Pixels to the right.</param>
/// <param name="Down">Pixels down.</param>
/// <param name="Degrees">Clockwise on the screen.</param>
/// <param name="Scale">Above 1 enlarges.</param>
internal readonly record struct Similarity(double Right, double Down, double Degrees, double Scale)
{
    /// <summary>
    /// The 2×3 matrix that <c>affine_grid</c> wants: from an output place to the input place it shows, both in units of half the
    /// image about its centre. The unit differs along x and y where the image is not square; hence the ratios.
    /// </summary>
    public void WriteInverse(Span<float> theta, long height, long width)
    {
        var (sin, cos) = Math.SinCos(Degrees * Math.PI / 180);
        var (c, s) = (cos / Scale, sin / Scale);
        theta[0] = (float)c;
        theta[1] = (float)(s * height / width);
        theta[2] = (float)(-2 * (c * Right + s * Down) / width);
        theta[3] = (float)(-s * width / height);
        theta[4] = (float)c;
        theta[5] = (float)(-2 * (c * Down - s * Right) / height);
    }
}

/// <summary>Whole pixels; empty when the height is 0.</summary>
internal readonly record struct Rectangle(int Top, int Left, int Height, int Width)
{
    /// <summary>2 to 20 % of the area, sides up to 1 : 3 either way.</summary>
    public static Rectangle Next(KeyedRandom random, int height, int width)
    {
        var area = random.Uniform(.02, .2) * height * width;
        var ratio = Math.Exp(random.Uniform(-1, 1) * Math.Log(3));
        var h = Math.Clamp((int)Math.Round(Math.Sqrt(area * ratio)), 1, height);
        var w = Math.Clamp((int)Math.Round(Math.Sqrt(area / ratio)), 1, width);
        return new(random.Next(height - h + 1), random.Next(width - w + 1), h, w);
    }
}
