using TorchSharp;
using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Training.Augmentation;

/// <summary>
/// The augmentations of StyleGAN2-ADA (Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data",
/// arXiv 2006.06676, appendix B), per image, differentiable to any order.
/// </summary>
public static class AdaptiveAugment
{
    /// <summary>Images [N, C, H, W], float, in [−1, 1], to the same shape.</summary>
    /// <param name="p">Each transform happens to an image with probability multiplier · p; 0 to 1.</param>
    /// <param name="random">Every draw comes from it.</param>
    /// <exception cref="OptionException">Colour on other than 1 or 3 channels, or the band filter on images under 22
    /// pixels.</exception>
    public static Tensor Apply(Tensor images, AugmentPolicy policy, double p, KeyedRandom random) =>
        Apply(images, policy, new AugmentRandom(random, p));

    internal static Tensor Apply(Tensor images, AugmentPolicy policy, AugmentRandom draws)
    {
        var (channels, h, w) = ((int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        policy.RequireFit(channels, h, w);
        var all = new AugmentSample[images.shape[0]];
        for (int i = 0; i < all.Length; i++) all[i] = AugmentSample.Draw(policy, draws, channels, h, w);
        using var scope = NewDisposeScope();
        var y = images.alias();
        if (policy.HasGeometry)
        {
            var inverses = all.Select(d => d.Geometry(h, w)).ToArray();
            // Doubling and halving with an orthogonal wavelet cancel, so a batch that nothing happens to needs no warp.
            if (inverses.Any(i => i != Affine.Identity)) y = GeometricWarp.Apply(y, inverses);
        }
        if (policy.HasColour) y = Recolour(y, [.. all.Select(d => d.Colour())]);
        if (all.Any(d => d.Bands.Any(b => b is not null))) y = Filter(y, all);
        if (policy.Noise > 0) y = AddNoise(y, all, draws.Seed());
        if (all.Any(d => d.Cutout is not null)) y = CutOut(y, all);
        return y.MoveToOuterDisposeScope();
    }

    private static Tensor Recolour(Tensor images, ColourMatrix[] colours)
    {
        var (n, c, h, w) = (images.shape[0], (int)images.shape[1], images.shape[2], images.shape[3]);
        var (linear, offset) = (new float[n * c * c], new float[n * c]);
        for (int i = 0; i < n; i++)
        {
            var m = colours[i];
            // what the matrix does to a grey pixel's mean
            if (c == 1)
            {
                for (int row = 0; row < 3; row++)
                {
                    linear[i] += (float)((m[row, 0] + m[row, 1] + m[row, 2]) / 3);
                    offset[i] += (float)(m[row, 3] / 3);
                }
                continue;
            }
            for (int row = 0; row < 3; row++)
            {
                for (int column = 0; column < 3; column++) linear[i * 9 + row * 3 + column] = (float)m[row, column];
                offset[i * 3 + row] = (float)m[row, 3];
            }
        }
        var gain = tensor(linear, [n, c, c]).to(images.dtype, images.device);
        var shift = tensor(offset, [n, c, 1]).to(images.dtype, images.device);
        var flat = images.reshape(n, c, h * w);
        return ((c == 1 ? flat * gain : bmm(gain, flat)) + shift).reshape(n, c, h, w);
    }

    /// <summary>
    /// Amplifies octave bands at constant expected power; along x and y, as two matrices an image with the reflection in them.
    /// </summary>
    private static Tensor Filter(Tensor images, AugmentSample[] draws)
    {
        double[] power = [10 / 13.0, 1 / 13.0, 1 / 13.0, 1 / 13.0];
        var (n, c, h, w) = ((int)images.shape[0], (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        var (rows, columns) = (new float[n * h * h], new float[n * w * w]);
        for (int i = 0; i < n; i++)
        {
            double[] g = [1, 1, 1, 1];
            for (int band = 0; band < 4; band++)
            {
                if (draws[i].Bands[band] is not { } t) continue;
                var norm = Math.Sqrt(power.Select((e, j) => j == band ? e * t * t : e).Sum());
                for (int j = 0; j < 4; j++) g[j] *= (j == band ? t : 1) / norm;
            }
            var taps = new double[2 * Wavelets.BandReach + 1];
            for (int k = 0; k < taps.Length; k++)
                for (int j = 0; j < 4; j++) taps[k] += g[j] * Wavelets.Bands[j][k];
            Band(taps, h, rows.AsSpan(i * h * h, h * h));
            Band(taps, w, columns.AsSpan(i * w * w, w * w));
        }
        var vertical = tensor(rows, [n, 1, h, h]).to(images.dtype, images.device).expand(n, c, h, h).reshape(n * c, h, h);
        var horizontal = tensor(columns, [n, 1, w, w]).to(images.dtype, images.device).expand(n, c, w, w).reshape(n * c, w, w);
        return bmm(bmm(vertical, images.reshape(n * c, h, w)), horizontal.transpose(1, 2)).reshape(n, c, h, w);
    }

    private static void Band(double[] taps, int size, Span<float> matrix)
    {
        for (int i = 0; i < size; i++)
            for (int t = 0; t < taps.Length; t++)
                matrix[i * size + GeometricWarp.Reflect(i + t - Wavelets.BandReach, size)] += (float)taps[t];
    }

    private static Tensor AddNoise(Tensor images, AugmentSample[] draws, ulong seed)
    {
        if (draws.All(d => d.Noise is null)) return images;
        using var random = new torch.Generator(seed);
        var noise = randn(images.shape, dtype: ScalarType.Float32, generator: random).to(images.dtype, images.device);
        var deviations = tensor([.. draws.Select(d => (float)(d.Noise ?? 0))], [draws.Length, 1, 1, 1]);
        return images + noise * deviations.to(images.dtype, images.device);
    }

    private static Tensor CutOut(Tensor images, AugmentSample[] draws)
    {
        var (n, h, w) = ((int)images.shape[0], (int)images.shape[2], (int)images.shape[3]);
        var keep = new float[n * h * w];
        for (int i = 0, at = 0; i < n; i++)
        {
            for (int y = 0; y < h; y++)
            {
                for (int x = 0; x < w; x++, at++)
                    keep[at] = draws[i].Cutout is { } c && Math.Abs((x + 0.5) / w - c.X) < 0.25
                        && Math.Abs((y + 0.5) / h - c.Y) < 0.25 ? 0 : 1;
            }
        }
        return images * tensor(keep, [n, 1, h, w]).to(images.dtype, images.device);
    }
}
