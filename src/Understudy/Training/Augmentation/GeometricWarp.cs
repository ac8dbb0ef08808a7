using static TorchSharp.torch;

namespace Understudy.Training.Augmentation;

/// <summary>
/// One geometric resampling of a batch, linear in the images and so differentiable to any order: reflect-pad and double with
/// sym6, fetch bilinearly, halve with sym6. Padding, doubling and halving are constant matrices, y = D·warp(U·x·Uᵀ)·Dᵀ.
/// </summary>
internal static class GeometricWarp
{
    private const int Taps = 12;
    // of the grid, in pixels before doubling
    private const int Border = 3;

    /// <summary>
    /// Images [N, C, H, W] to the same shape; <paramref name="inverses"/> map each output pixel to where it comes from.
    /// </summary>
    public static Tensor Apply(Tensor images, Affine[] inverses)
    {
        using var scope = NewDisposeScope();
        var (n, c, h, w) = ((int)images.shape[0], (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        var m = Margins.Of(inverses, w, h);
        var up = Separable(images, Doubling(h, m.Top, m.Bottom), Doubling(w, m.Left, m.Right));   // [N, C, Hu, Wu]
        var (hu, wu, hg, wg) = ((int)up.shape[2], (int)up.shape[3], 2 * (h + 2 * Border), 2 * (w + 2 * Border));
        var warped = BilinearFetch.Apply(up, [.. inverses.Select(inverse => Map(inverse, m, wu, hu, wg, hg))], hg, wg);
        return Separable(warped, Halving(h), Halving(w)).MoveToOuterDisposeScope();
    }

    // From a pixel of the grid to one of the doubled, padded image, both counted from the upper left.
    private static Affine Map(Affine inverse, Margins m, int wu, int hu, int wg, int hg) =>
        Affine.Translate((wu - 1) / 2.0, (hu - 1) / 2.0)
        * Affine.Translate(-0.5, -0.5) * Affine.Scale(2, 2) * Affine.Translate((m.Left - m.Right) / 2.0, (m.Top - m.Bottom) / 2.0)
        * inverse * Affine.Scale(0.5, 0.5) * Affine.Translate(0.5, 0.5)
        * Affine.Translate(-(wg - 1) / 2.0, -(hg - 1) / 2.0);

    // Rows · x · Columnsᵀ; x [N, C, H, W], rows [H', H], columns [W', W].
    internal static Tensor Separable(Tensor x, float[,] rows, float[,] columns)
    {
        var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var (r, k) = (tensor(rows).to(x.dtype, x.device), tensor(columns).to(x.dtype, x.device));
        var wide = mm(x.reshape(n * c * h, w), k.t()).reshape(n * c, h, k.shape[0]);
        return bmm(r.unsqueeze(0).expand(n * c, -1, -1), wide).reshape(n, c, r.shape[0], k.shape[0]);
    }

    // Output i of the doubled, padded line takes padded sample j with 2·f[i − 2j + 5]; padded samples mirror real ones.
    private static float[,] Doubling(int size, int before, int after)
    {
        var a = new float[2 * (size + before + after), size];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = Math.Max(0, (i - 6) / 2); j < size + before + after; j++)
            {
                var tap = i - 2 * j + 5;
                if (tap < 0) break;
                if (tap < Taps) a[i, Reflect(j - before, size)] += (float)(2 * Wavelets.Geometry[tap]);
            }
        }
        return a;
    }

    // Output i takes grid sample j with f[j − 2i − 1].
    private static float[,] Halving(int size)
    {
        var a = new float[size, 2 * (size + 2 * Border)];
        for (int i = 0; i < size; i++)
            for (int t = 0; t < Taps; t++) a[i, 2 * i + 1 + t] = (float)Wavelets.Geometry[t];
        return a;
    }

    internal static int Reflect(int i, int size)
    {
        if (size == 1) return 0;
        i = Math.Abs(i) % (2 * (size - 1));
        return i < size ? i : 2 * (size - 1) - i;
    }

    /// <summary>How far outside the image the batch reaches, in pixels, at most one reflection.</summary>
    private readonly record struct Margins(int Left, int Top, int Right, int Bottom)
    {
        public static Margins Of(Affine[] inverses, int w, int h)
        {
            var (hx, hy) = ((w - 1) / 2.0, (h - 1) / 2.0);
            double left = double.MinValue, top = double.MinValue, right = double.MinValue, bottom = double.MinValue;
            foreach (var inverse in inverses)
            {
                foreach (var (x, y) in new[] { inverse.Apply(-hx, -hy), inverse.Apply(hx, -hy), inverse.Apply(hx, hy),
                    inverse.Apply(-hx, hy) })
                {
                    (left, top) = (Math.Max(left, -x), Math.Max(top, -y));
                    (right, bottom) = (Math.Max(right, x), Math.Max(bottom, y));
                }
            }
            static int Pixels(double reach, double half, int size) =>
                (int)Math.Ceiling(Math.Clamp(reach + 2 * Border - half, 0, size - 1));
            return new(Pixels(left, hx, w), Pixels(top, hy, h), Pixels(right, hx, w), Pixels(bottom, hy, h));
        }
    }
}
