namespace Understudy.Training.Augmentation;

/// <summary>The symlet filters of adaptive discriminator augmentation (arXiv 2006.06676, appendix B).</summary>
internal static class Wavelets
{
    private static readonly double[] s_sym2 = [-0.12940952255092145, 0.22414386804185735, 0.836516303737469, 0.48296291314469025];

    private static readonly double[] s_sym6 =
    [
        0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633, 0.4910559419267466,
        0.787641141030194,
        0.3379294217276218, -0.07263748278646252, -0.021060292512300564, 0.04472490177066578, 0.0017677118642428036,
        -0.007800708325034148,
    ];

    /// <summary>sym6, summing to 1: doubles and halves the image around the warp. 12 taps.</summary>
    public static double[] Geometry { get; } = [.. s_sym6.Select(h => h / s_sym6.Sum())];

    /// <summary>Four octave bands from low to high, summing to an impulse of each image; 43 taps each, centred.</summary>
    public static double[][] Bands { get; } = MakeBands();

    /// <summary>Taps of a band to either side of its centre.</summary>
    public const int BandReach = 21;

    private static double[][] MakeBands()
    {
        var low = new double[7];                                                            // H(z)·H(1/z)/2
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) low[3 + i - j] += s_sym2[i] * s_sym2[j] / 2;
        var high = low.Select((h, k) => (k - 3) % 2 == 0 ? h : -h).ToArray();               // H(−z)·H(−1/z)/2
        double[] l2 = Stretch(low, 2), l4 = Stretch(low, 4), b2 = Stretch(high, 2), b4 = Stretch(high, 4);
        return [Centre(Convolve(Convolve(low, l2), l4)), Centre(Convolve(Convolve(low, l2), b4)), Centre(Convolve(low, b2)),
            Centre(high)];
    }

    private static double[] Stretch(double[] h, int by)
    {
        var y = new double[(h.Length - 1) * by + 1];
        for (int i = 0; i < h.Length; i++) y[i * by] = h[i];
        return y;
    }

    private static double[] Convolve(double[] a, double[] b)
    {
        var y = new double[a.Length + b.Length - 1];
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j < b.Length; j++) y[i + j] += a[i] * b[j];
        return y;
    }

    private static double[] Centre(double[] h)
    {
        var y = new double[2 * BandReach + 1];
        h.CopyTo(y, BandReach - h.Length / 2);
        return y;
    }
}
