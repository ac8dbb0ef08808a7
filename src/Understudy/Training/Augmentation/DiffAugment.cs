using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Training.Augmentation;

/// <summary>What happens to one image; the identity by default.</summary>
/// <param name="Brightness">Added to every pixel, in units of the [−1, 1] range; ±½ at most.</param>
/// <param name="Saturation">Factor of a pixel's distance from its own grey; 0 to 2. Grey images have none.</param>
/// <param name="Contrast">Factor of a pixel's distance from the image's mean; ½ to 1½.</param>
/// <param name="ShiftX">Pixels to the right.</param>
/// <param name="ShiftY">Pixels down.</param>
/// <param name="Cut">The rectangle that is blanked, left, top, right, bottom (the last two exclusive), or null.</param>
internal readonly record struct DiffAugmentDraw(
    float Brightness, float Saturation, float Contrast, int ShiftX, int ShiftY, (int Left, int Top, int Right, int Bottom)? Cut)
{
    public static DiffAugmentDraw Identity { get; } = new(0, 1, 1, 0, 0, null);
}

/// <summary>
/// Differentiable augmentation (Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training", arXiv
/// 2006.10738): colour, then translation by up to an eighth, then a cutout of half the size. Each happens per image with
/// probability p, so that the adaptive controller can drive it. What is moved in or cut out is 0, mid-grey. Linear in the image,
/// so gradients of any order flow through it.
/// </summary>
internal static class DiffAugment
{
    /// <summary>
    /// Draws for one image of <paramref name="height"/> × <paramref name="width"/>; the same numbers are used up whatever p is.
    /// </summary>
    public static DiffAugmentDraw Draw(KeyedRandom random, double p, int height, int width)
    {
        bool colour = random.Uniform() < p, translate = random.Uniform() < p, cut = random.Uniform() < p;
        var (b, s, c) = ((float)(random.Uniform() - 0.5), (float)(2 * random.Uniform()), (float)(random.Uniform() + 0.5));
        var (dx, dy) = (Shift(random, width), Shift(random, height));
        var (x0, x1) = Cut(random, width);
        var (y0, y1) = Cut(random, height);
        return new(colour ? b : 0, colour ? s : 1, colour ? c : 1, translate ? dx : 0, translate ? dy : 0,
            cut ? (x0, y0, x1, y1) : null);
    }

    /// <summary>Images [N, C, H, W] → the same shape; one draw per image.</summary>
    public static Tensor Apply(Tensor images, IReadOnlyList<DiffAugmentDraw> draws)
    {
        var (n, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        if (draws.Count != n) throw new ArgumentException($"{draws.Count} draws for {n} images", nameof(draws));
        if (draws.All(d => d == DiffAugmentDraw.Identity)) return images.alias();
        return DiffAugmentPass.Fits(images) ? DiffAugmentPass.Apply(images, [.. draws])
            : ByLibtorch(images, draws, channels, (int)height, (int)width);
    }

    /// <summary>The same, of any type on any device.</summary>
    private static Tensor ByLibtorch(Tensor images, IReadOnlyList<DiffAugmentDraw> draws, long channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        var y = images;
        if (draws.Any(d => d.Brightness != 0)) y = y + PerImage(draws, d => d.Brightness);
        if (channels > 1 && draws.Any(d => d.Saturation != 1))
        {
            var grey = y.mean([1], keepdim: true);
            y = (y - grey) * PerImage(draws, d => d.Saturation) + grey;
        }
        if (draws.Any(d => d.Contrast != 1))
        {
            var mean = y.mean([1, 2, 3], keepdim: true);
            y = (y - mean) * PerImage(draws, d => d.Contrast) + mean;
        }
        if (draws.Any(d => d.ShiftX != 0 || d.ShiftY != 0 || d.Cut is not null)) y = Move(y, draws, height, width);
        return (ReferenceEquals(y, images) ? images.alias() : y).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Translation and cutout in one: every pixel is fetched from where it was, times 1, or 0 where there is nothing.
    /// </summary>
    private static Tensor Move(Tensor images, IReadOnlyList<DiffAugmentDraw> draws, int height, int width)
    {
        var source = new long[draws.Count * height * width];
        var keep = new float[source.Length];
        for (int i = 0, at = 0; i < draws.Count; i++)
        {
            var (dx, dy, cut) = (draws[i].ShiftX, draws[i].ShiftY, draws[i].Cut);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++, at++)
                {
                    var (sx, sy) = (x - dx, y - dy);
                    if ((uint)sx >= (uint)width || (uint)sy >= (uint)height) continue;
                    if (cut is { } c && x >= c.Left && x < c.Right && y >= c.Top && y < c.Bottom) continue;
                    source[at] = sy * width + sx;
                    keep[at] = 1;
                }
            }
        }
        long n = draws.Count, size = height * width, channels = images.shape[1];
        var index = tensor(source, [n, 1, size]).expand(n, channels, size);
        var moved = images.reshape(n, channels, size).gather(2, index) * tensor(keep, [n, 1, size]);
        return moved.view(n, channels, height, width);
    }

    private static Tensor PerImage(IReadOnlyList<DiffAugmentDraw> draws, Func<DiffAugmentDraw, float> pick) =>
        tensor([.. draws.Select(pick)], [draws.Count, 1, 1, 1]);

    private static int Shift(KeyedRandom random, int size)
    {
        var most = (int)(size * 0.125 + 0.5);
        return random.Next(2 * most + 1) - most;
    }

    /// <summary>
    /// Half the size, centred on any pixel (for an even cut: on any corner between pixels), clipped at the edges.
    /// </summary>
    private static (int From, int To) Cut(KeyedRandom random, int size)
    {
        var cut = (int)(size * 0.5 + 0.5);
        var from = random.Next(size + (1 - cut % 2)) - cut / 2;
        return (Math.Max(from, 0), Math.Min(from + cut, size));
    }
}
