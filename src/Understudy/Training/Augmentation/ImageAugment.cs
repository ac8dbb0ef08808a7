using Understudy.Common;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Understudy.Training.Augmentation;

/// <summary>
/// Random changes of image batches, [N, C, H, W] in [−1, 1], that leave their labels true. Each image draws its own change, as a
/// function of (seed, step) only. All movements are one bilinear warp.
/// </summary>
public static class ImageAugment
{
    /// <summary>
    /// The whole of <paramref name="options"/>: mirror, shift with rotation and scale, brightness and contrast, erasing.
    /// </summary>
    /// <returns>New images, [N, C, H, W] in [−1, 1].</returns>
    public static Tensor Apply(Tensor images, ImageAugmentOptions options, ulong seed, long step)
    {
        using var scope = NewDisposeScope();
        var random = new KeyedRandom(seed, "classifier/augment", step);
        var (n, height, width) = ((int)images.shape[0], (int)images.shape[2], (int)images.shape[3]);
        // Every draw is made whatever the options, so that switching one off leaves the others' draws as they were.
        var draws = new Draw[n];
        for (int i = 0; i < n; i++) draws[i] = Draw.Next(random, options, height, width);

        var y = images.alias();
        if (options.Flip) y = Flip(y, [.. draws.Select(d => d.Mirror)]);
        if (options.Shift > 0 || options.Rotation > 0 || options.Scale > 0) y = Warp(y, [.. draws.Select(d => d.Move)]);
        if (options.Brightness > 0 || options.Contrast > 0)
            y = Photometric(y, [.. draws.Select(d => d.Brightness)], [.. draws.Select(d => d.Contrast)]);
        if (options.Erasing > 0) y = Erase(y, [.. draws.Select(d => d.Hole)]);
        return y.MoveToOuterDisposeScope();
    }

    /// <summary>Mirrors left and right the images for which <paramref name="which"/> says so.</summary>
    internal static Tensor Flip(Tensor images, bool[] which)
    {
        using var scope = NewDisposeScope();
        return where(tensor(which).view(-1, 1, 1, 1), images.flip(3), images).MoveToOuterDisposeScope();
    }

    /// <summary>Moves, turns and scales each image about its centre; the border is repeated outward.</summary>
    internal static Tensor Warp(Tensor images, Similarity[] moves)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images.shape[2], images.shape[3]);
        var theta = new float[moves.Length * 6];
        for (int i = 0; i < moves.Length; i++) moves[i].WriteInverse(theta.AsSpan(6 * i, 6), height, width);
        var grid = affine_grid(tensor(theta, moves.Length, 2, 3), images.shape, align_corners: false);
        return grid_sample(images, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false)
            .MoveToOuterDisposeScope();
    }

    /// <summary>x ← contrast·(x − mean) + mean + brightness, cut to [−1, 1]; the mean is the image's own.</summary>
    internal static Tensor Photometric(Tensor images, float[] brightness, float[] contrast)
    {
        using var scope = NewDisposeScope();
        var mean = images.mean([1, 2, 3], keepdim: true);
        var (shift, factor) = (tensor(brightness).view(-1, 1, 1, 1), tensor(contrast).view(-1, 1, 1, 1));
        return (images - mean).mul_(factor).add_(mean + shift).clamp_(-1, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Paints a rectangle of each image mid-grey; an empty one leaves the image as it is.</summary>
    internal static Tensor Erase(Tensor images, Rectangle[] holes)
    {
        using var scope = NewDisposeScope();
        var y = images.clone();
        for (int i = 0; i < holes.Length; i++)
        {
            var h = holes[i];
            if (h.Height > 0) y[i].narrow(1, h.Top, h.Height).narrow(2, h.Left, h.Width).zero_();
        }
        return y.MoveToOuterDisposeScope();
    }

    private readonly record struct Draw(bool Mirror, Similarity Move, float Brightness, float Contrast, Rectangle Hole)
    {
        public static Draw Next(KeyedRandom random, ImageAugmentOptions o, int height, int width)
        {
            double Signed() => random.Uniform(-1, 1);
            var mirror = random.Uniform() < .5;
            var (dx, dy) = (Math.Round(Signed() * (o.Shift + .5)), Math.Round(Signed() * (o.Shift + .5)));
            var move = new Similarity(Math.Clamp(dx, -o.Shift, o.Shift), Math.Clamp(dy, -o.Shift, o.Shift),
                Signed() * o.Rotation, 1 + Signed() * o.Scale);
            var (brightness, contrast) = ((float)(Signed() * o.Brightness), (float)(1 + Signed() * o.Contrast));
            var hole = Rectangle.Next(random, height, width);
            return new(mirror, move, brightness, contrast, random.Uniform() < o.Erasing ? hole : default);
        }
    }
}
