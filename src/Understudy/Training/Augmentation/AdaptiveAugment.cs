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
    /// <exception cref="ArgumentException">Colour on other than 1 or 3 channels, or the band filter on images under 22 pixels.</exception>
    public static Tensor Apply(Tensor images, AugmentPolicy policy, double p, KeyedRandom random) =>
        Apply(images, policy, new AugmentDraws(random, p));

    internal static Tensor Apply(Tensor images, AugmentPolicy policy, AugmentDraws draws)
    {
        var (n, channels, h, w) = ((int)images.shape[0], (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        if (policy.HasColour && channels is not (1 or 3))
            throw new ArgumentException($"colour augmentation needs 1 or 3 channels, not {channels}; choose the set bg", nameof(policy));
        if (policy.BandFilter > 0 && Math.Min(h, w) <= Wavelets.BandReach)
        {
            throw new ArgumentException(
                $"the band filter needs images of {Wavelets.BandReach + 1} pixels, not {w}×{h}; choose the set bgc", nameof(policy));
        }
        using var scope = NewDisposeScope();
        var y = images.alias();
        if (policy.HasGeometry)
        {
            var inverses = Enumerable.Range(0, n).Select(_ => Geometry(policy, draws, w, h)).ToArray();
            // Doubling and halving with an orthogonal wavelet cancel, so a batch that nothing happens to needs no warp.
            if (inverses.Any(i => i != Affine.Identity)) y = GeometricWarp.Apply(y, inverses);
        }
        if (policy.HasColour) y = Recolour(y, [.. Enumerable.Range(0, n).Select(_ => Colour(policy, draws, channels))]);
        if (policy.BandFilter > 0) y = Filter(y, policy, draws);
        if (policy.Noise > 0) y = AddNoise(y, policy, draws);
        if (policy.Cutout > 0) y = CutOut(y, policy, draws);
        return y.MoveToOuterDisposeScope();
    }

    /// <summary>Where a pixel of the result comes from: the transforms' inverses, each new one on the right.</summary>
    private static Affine Geometry(AugmentPolicy policy, AugmentDraws draws, int w, int h)
    {
        var g = Affine.Identity;
        if (policy.XFlip > 0)
        {
            var (happens, i) = (draws.Happens(policy.XFlip), draws.Below(2));
            if (happens && i == 1) g *= Affine.Scale(-1, 1);
        }
        if (policy.Rotate90 > 0)
        {
            var (happens, k) = (draws.Happens(policy.Rotate90), draws.Below(4));
            if (happens && k > 0) g *= Affine.Rotate(Math.PI / 2 * k);
        }
        if (policy.IntegerTranslation > 0)
        {
            var (happens, x, y) = (draws.Happens(policy.IntegerTranslation), draws.Uniform(-0.125, 0.125), draws.Uniform(-0.125, 0.125));
            if (happens) g *= Affine.Translate(-Math.Round(x * w), -Math.Round(y * h));
        }
        if (policy.Scale > 0)
        {
            var (happens, s) = (draws.Happens(policy.Scale), Math.Pow(2, draws.Normal(0.2)));
            if (happens) g *= Affine.Scale(1 / s, 1 / s);
        }
        g = Turn(g, second: false);
        if (policy.Anisotropic > 0)
        {
            var (happens, s) = (draws.Happens(policy.Anisotropic), Math.Pow(2, draws.Normal(0.2)));
            if (happens) g *= Affine.Scale(1 / s, s);
        }
        g = Turn(g, second: true);
        if (policy.FractionalTranslation > 0)
        {
            var (happens, x, y) = (draws.Happens(policy.FractionalTranslation), draws.Normal(0.125), draws.Normal(0.125));
            if (happens) g *= Affine.Translate(-x * w, -y * h);
        }
        return g;

        Affine Turn(Affine before, bool second)
        {
            if (policy.Rotation == 0) return before;
            var (happens, angle) = (draws.Rotates(policy.Rotation, second), draws.Uniform(-Math.PI, Math.PI));
            return happens ? before * Affine.Rotate(angle) : before;
        }
    }

    private static ColourMatrix Colour(AugmentPolicy policy, AugmentDraws draws, int channels)
    {
        var m = new ColourMatrix();
        if (policy.Brightness > 0)
        {
            var (happens, by) = (draws.Happens(policy.Brightness), draws.Normal(0.2));
            if (happens) m.Brighten(by);
        }
        if (policy.Contrast > 0)
        {
            var (happens, by) = (draws.Happens(policy.Contrast), Math.Pow(2, draws.Normal(0.5)));
            if (happens) m.Scale(by);
        }
        if (policy.LumaFlip > 0)
        {
            var (happens, i) = (draws.Happens(policy.LumaFlip), draws.Below(2));
            if (happens && i == 1) m.FlipLuma();
        }
        if (policy.Hue > 0 && channels == 3)
        {
            var (happens, angle) = (draws.Happens(policy.Hue), draws.Uniform(-Math.PI, Math.PI));
            if (happens) m.TurnHue(angle);
        }
        if (policy.Saturation > 0 && channels == 3)
        {
            var (happens, by) = (draws.Happens(policy.Saturation), Math.Pow(2, draws.Normal(1)));
            if (happens) m.Saturate(by);
        }
        return m;
    }

    private static Tensor Recolour(Tensor images, ColourMatrix[] colours)
    {
        var (n, c, h, w) = (images.shape[0], (int)images.shape[1], images.shape[2], images.shape[3]);
        var (linear, offset) = (new float[n * c * c], new float[n * c]);
        for (int i = 0; i < n; i++)
        {
            var m = colours[i];
            if (c == 1)                                                                     // what the matrix does to a grey pixel's mean
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

    /// <summary>Amplifies octave bands at constant expected power; along x and y, as two matrices an image with the reflection in them.</summary>
    private static Tensor Filter(Tensor images, AugmentPolicy policy, AugmentDraws draws)
    {
        double[] power = [10 / 13.0, 1 / 13.0, 1 / 13.0, 1 / 13.0];
        var (n, c, h, w) = ((int)images.shape[0], (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        var (rows, columns) = (new float[n * h * h], new float[n * w * w]);
        for (int i = 0; i < n; i++)
        {
            double[] g = [1, 1, 1, 1];
            for (int band = 0; band < 4; band++)
            {
                var (happens, t) = (draws.Happens(policy.BandFilter), Math.Pow(2, draws.Normal(1)));
                if (!happens) continue;
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
            for (int t = 0; t < taps.Length; t++) matrix[i * size + GeometricWarp.Reflect(i + t - Wavelets.BandReach, size)] += (float)taps[t];
    }

    private static Tensor AddNoise(Tensor images, AugmentPolicy policy, AugmentDraws draws)
    {
        var deviations = new float[images.shape[0]];
        for (int i = 0; i < deviations.Length; i++)
        {
            var (happens, deviation) = (draws.Happens(policy.Noise), draws.HalfNormal(0.1));
            if (happens) deviations[i] = (float)deviation;
        }
        using var random = new torch.Generator(draws.Seed());
        var noise = randn(images.shape, dtype: ScalarType.Float32, generator: random).to(images.dtype, images.device);
        return images + noise * tensor(deviations, [deviations.Length, 1, 1, 1]).to(images.dtype, images.device);
    }

    private static Tensor CutOut(Tensor images, AugmentPolicy policy, AugmentDraws draws)
    {
        var (n, h, w) = ((int)images.shape[0], (int)images.shape[2], (int)images.shape[3]);
        var keep = new float[n * h * w];
        for (int i = 0, at = 0; i < n; i++)
        {
            var (happens, cx, cy) = (draws.Happens(policy.Cutout), draws.Uniform(0, 1), draws.Uniform(0, 1));
            for (int y = 0; y < h; y++)
            {
                for (int x = 0; x < w; x++, at++)
                    keep[at] = happens && Math.Abs((x + 0.5) / w - cx) < 0.25 && Math.Abs((y + 0.5) / h - cy) < 0.25 ? 0 : 1;
            }
        }
        return images * tensor(keep, [n, 1, h, w]).to(images.dtype, images.device);
    }
}
