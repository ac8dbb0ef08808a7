using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// A small anti-aliased rasteriser: shapes are signed distances (negative inside) in face coordinates, and a pixel is covered by
/// half a pixel's distance either side of the edge. One canvas is used again for every face of a thread.
/// </summary>
internal sealed class ToyCanvas(int channels, int size)
{
    /// <summary>Pixels a side.</summary>
    public int Size => size;

    private readonly float[] _pixels = new float[channels * size * size];
    private readonly float[] _blurred = new float[channels * size * size];
    private float _ux, _uy, _u0, _vx, _vy, _v0, _unit;
    private double _cos, _sin, _centreX, _centreY;

    /// <summary>
    /// Sets where the face is: <paramref name="unit"/> pixels are one unit of face coordinates (u right, v down).
    /// </summary>
    public void Place(double centreX, double centreY, double unit, double roll)
    {
        (_sin, _cos) = Math.SinCos(roll);
        (_centreX, _centreY, _unit) = (centreX, centreY, (float)unit);
        (_ux, _uy, _vx, _vy) = ((float)(_cos / unit), (float)(_sin / unit), (float)(-_sin / unit), (float)(_cos / unit));
        _u0 = (float)(-(centreX * _cos + centreY * _sin) / unit);
        _v0 = (float)((centreX * _sin - centreY * _cos) / unit);
    }

    /// <summary>Fills everything, from one tone at the top to another at the bottom.</summary>
    public void Background(Tone top, Tone bottom)
    {
        for (int y = 0; y < size; y++)
        {
            var tone = top.Toward(bottom, (y + .5) / size);
            for (int c = 0; c < channels; c++) _pixels.AsSpan((c * size + y) * size, size).Fill(Level(tone, c));
        }
    }

    /// <summary>Fills a shape inside a box of face coordinates.</summary>
    public void Fill((double U0, double V0, double U1, double V1) box, Func<float, float, float> distance, Tone tone,
        double alpha = 1)
    {
        var (x0, y0, x1, y1) = Bounds(box);
        for (int y = y0; y < y1; y++)
        {
            for (int x = x0; x < x1; x++)
            {
                float u = _ux * (x + .5f) + _uy * (y + .5f) + _u0, v = _vx * (x + .5f) + _vy * (y + .5f) + _v0;
                var cover = .5f - distance(u, v) * _unit;
                if (cover <= 0) continue;
                var a = Math.Min(1, cover) * (float)alpha;
                for (int c = 0; c < channels; c++)
                {
                    ref var p = ref _pixels[(c * size + y) * size + x];
                    p += (Level(tone, c) - p) * a;
                }
            }
        }
    }

    public void Ellipse(double u, double v, double a, double b, Tone tone, double alpha = 1)
    {
        float cu = (float)u, cv = (float)v, ia = (float)(1 / a), ib = (float)(1 / b);
        Fill((u - a - .1, v - b - .1, u + a + .1, v + b + .1), (x, y) =>
        {
            float dx = (x - cu) * ia, dy = (y - cv) * ib;
            var f = MathF.Sqrt(dx * dx + dy * dy);
            var gradient = MathF.Sqrt(dx * dx * ia * ia + dy * dy * ib * ib);
            return f < 1e-4f ? -1 : f * (f - 1) / Math.Max(gradient, 1e-4f);
        }, tone, alpha);
    }

    /// <summary>A line with round ends through the points.</summary>
    public void Stroke(ReadOnlySpan<(double U, double V)> points, double radius, Tone tone, double alpha = 1)
    {
        double u0 = double.MaxValue, v0 = double.MaxValue, u1 = double.MinValue, v1 = double.MinValue;
        var p = new float[points.Length * 2];
        for (int i = 0; i < points.Length; i++)
        {
            var (u, v) = points[i];
            (u0, v0, u1, v1) = (Math.Min(u0, u), Math.Min(v0, v), Math.Max(u1, u), Math.Max(v1, v));
            (p[2 * i], p[2 * i + 1]) = ((float)u, (float)v);
        }
        var grow = radius + .1;
        Fill((u0 - grow, v0 - grow, u1 + grow, v1 + grow), (x, y) =>
        {
            var best = float.MaxValue;
            for (int i = 2; i < p.Length; i += 2)
            {
                float ax = p[i - 2], ay = p[i - 1], bx = p[i] - ax, by = p[i + 1] - ay;
                var t = Math.Clamp(((x - ax) * bx + (y - ay) * by) / Math.Max(bx * bx + by * by, 1e-9f), 0, 1);
                float dx = x - ax - t * bx, dy = y - ay - t * by;
                best = Math.Min(best, dx * dx + dy * dy);
            }
            return MathF.Sqrt(best) - (float)radius;
        }, tone, alpha);
    }

    /// <summary>Light from one side, blur, contrast and noise; then the bytes, [C, H, W].</summary>
    public void Finish(ToyFactors factors, KeyedRandom look, KeyedRandom r, Span<byte> target)
    {
        var (ly, lx) = Math.SinCos(look.Uniform(0, 2 * Math.PI));
        var contrast = (float)(1 + .22 * Math.Clamp(look.Normal(), -2, 2) * Math.Min(1, factors.Light * 3));
        var level = (float)(look.Uniform(-.10, .10) * Math.Min(1, factors.Light * 3));
        var blur = (float)(look.Uniform() * factors.Light);
        Blur(blur);
        var noise = (float)factors.Noise;
        for (int y = 0, i = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++, i++)
            {
                float u = (x + .5f) * 2 / size - 1, v = (y + .5f) * 2 / size - 1;
                var light = 1 + (float)factors.Light * (float)(lx * u + ly * v) - .10f * (u * u + v * v);
                for (int c = 0; c < channels; c++)
                {
                    var value = ((_blurred[c * size * size + i] * light - .5f) * contrast + .5f + level) * 255
                        + noise * Gaussian(r);
                    target[c * size * size + i] = (byte)Math.Clamp(MathF.Round(value), 0, 255);
                }
            }
        }
    }

    private static float Level(Tone tone, int channel, int channels) =>
        channels == 1 ? tone.Luma : channel switch { 0 => tone.R, 1 => tone.G, _ => tone.B };

    private float Level(Tone tone, int channel) => Level(tone, channel, channels);

    /// <summary>About normal, cheaply: the sum of four 16-bit uniforms, to unit variance.</summary>
    private static float Gaussian(KeyedRandom r)
    {
        var bits = r.NextUInt64();
        var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
        return (sum - 131070) * (1 / 37837f);
    }

    /// <summary>Mixes every pixel with its 3×3 binomial mean.</summary>
    private void Blur(float share)
    {
        for (int c = 0; c < channels; c++)
        {
            var plane = _pixels.AsSpan(c * size * size, size * size);
            var to = _blurred.AsSpan(c * size * size, size * size);
            for (int y = 0; y < size; y++)
            {
                int up = Math.Max(0, y - 1) * size, mid = y * size, down = Math.Min(size - 1, y + 1) * size;
                for (int x = 0; x < size; x++)
                {
                    int l = Math.Max(0, x - 1), r = Math.Min(size - 1, x + 1);
                    var mean = (plane[up + l] + plane[up + r] + plane[down + l] + plane[down + r]
                        + 2 * (plane[up + x] + plane[down + x] + plane[mid + l] + plane[mid + r]) + 4 * plane[mid + x])
                        * (1 / 16f);
                    to[mid + x] = plane[mid + x] + share * (mean - plane[mid + x]);
                }
            }
        }
    }

    private (int X0, int Y0, int X1, int Y1) Bounds((double U0, double V0, double U1, double V1) b)
    {
        double x0 = double.MaxValue, y0 = double.MaxValue, x1 = double.MinValue, y1 = double.MinValue;
        foreach (var (u, v) in (ReadOnlySpan<(double, double)>)[(b.U0, b.V0), (b.U1, b.V0), (b.U0, b.V1), (b.U1, b.V1)])
        {
            var x = _centreX + _unit * (u * _cos - v * _sin);
            var y = _centreY + _unit * (u * _sin + v * _cos);
            (x0, y0, x1, y1) = (Math.Min(x0, x), Math.Min(y0, y), Math.Max(x1, x), Math.Max(y1, y));
        }
        return ((int)Math.Clamp(x0 - 1, 0, size), (int)Math.Clamp(y0 - 1, 0, size), (int)Math.Clamp(x1 + 2, 0, size),
            (int)Math.Clamp(y1 + 2, 0, size));
    }
}
