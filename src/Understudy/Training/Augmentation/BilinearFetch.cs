using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Understudy.Training.Augmentation;

/// <summary>
/// Bilinear sampling of a batch through one affine map an image, 0 outside. Linear in the images, so it and its adjoint, which
/// spreads what the fetch collects, are each other's derivative: gradients of any order at the price of one pass. libtorch's
/// grid_sample has no second derivative, and a gather of four taps writes and reads every index and weight.
/// </summary>
internal sealed class BilinearFetch : autograd.SingleTensorFunction<BilinearFetch>
{
    public override string Name => nameof(BilinearFetch);

    /// <summary>x [N, C, H, W], on the CPU, float32 or float64, to [N, C, height, width].</summary>
    /// <param name="maps">One an image, from the pixel (column, row) of the result to that of x; pixel centres are whole
    /// numbers.</param>
    public static Tensor Apply(Tensor x, Affine[] maps, int height, int width)
    {
        if (x.dim() != 4 || x.shape[0] != maps.Length)
            throw new ArgumentException($"{maps.Length} maps for images [{string.Join(", ", x.shape)}]");
        if (x.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"images are {x.dtype}; give float32 or float64");
        return apply(x, new Plan(maps, (int)x.shape[2], (int)x.shape[3], height, width), false);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, plan, adjoint) = ((Tensor)vars[0], (Plan)vars[1], (bool)vars[2]);
        ctx.save_data("plan", (plan, adjoint));
        using var source = x.contiguous();
        var (h, w) = adjoint ? (plan.SourceHeight, plan.SourceWidth) : (plan.Height, plan.Width);
        var result = zeros([x.shape[0], x.shape[1], h, w], dtype: x.dtype);
        if (x.dtype == ScalarType.Float32) Run<float>(source, result, plan, adjoint);
        else Run<double>(source, result, plan, adjoint);
        return result;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (plan, adjoint) = ((Plan, bool))ctx.get_data("plan");
        return [apply(grad_output, plan, !adjoint), null!, null!];
    }

    private static void Run<T>(Tensor source, Tensor result, Plan plan, bool adjoint) where T
        : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(source.bytes);
        var to = MemoryMarshal.Cast<byte, T>(result.bytes);
        var channels = (int)source.shape[1];
        int many = plan.SourceHeight * plan.SourceWidth, few = plan.Height * plan.Width;
        var row = new Row<T>(plan.Width);
        for (int n = 0; n < plan.Maps.Length; n++)
        {
            for (int y = 0; y < plan.Height; y++)
            {
                row.Locate(plan, n, y);
                for (int c = n * channels; c < (n + 1) * channels; c++)
                {
                    if (adjoint)
                        row.Spread(from.Slice(c * few + y * plan.Width, plan.Width), to.Slice(c * many, many), plan.SourceWidth);
                    else row.Collect(from.Slice(c * many, many), to.Slice(c * few + y * plan.Width, plan.Width),
                        plan.SourceWidth);
                }
            }
        }
    }

    /// <param name="SourceHeight">Of what is fetched from.</param>
    private sealed record Plan(Affine[] Maps, int SourceHeight, int SourceWidth, int Height, int Width);

    /// <summary>
    /// The four taps of each pixel of a row: the index of the first, and weights that are 0 where a tap lies outside.
    /// </summary>
    private sealed class Row<T>(int width) where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly int[] _at = new int[width];
        private readonly (T A, T B, T C, T D)[] _weights = new (T, T, T, T)[width];

        public void Locate(Plan plan, int image, int y)
        {
            var map = plan.Maps[image];
            var (h, w) = (plan.SourceHeight, plan.SourceWidth);
            for (int x = 0; x < _at.Length; x++)
            {
                var (sx, sy) = map.Apply(x, y);
                var (left, top) = (Math.Floor(sx), Math.Floor(sy));
                if (!(left >= -1 && top >= -1 && left < w && top < h))
                {
                    (_at[x], _weights[x]) = (0, default);
                    continue;
                }
                var (x0, y0, fx, fy) = ((int)left, (int)top, sx - left, sy - top);
                var (a, b, c, d) = ((1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy);
                // At an edge the taps move one pixel in, so that all four can be read, and what lies outside weighs nothing.
                if (x0 < 0) (x0, a, b, c, d) = (0, b, 0, d, 0);
                else if (x0 == w - 1) (x0, a, b, c, d) = (w - 2, 0, a, 0, c);
                if (y0 < 0) (y0, a, b, c, d) = (0, c, d, 0, 0);
                else if (y0 == h - 1) (y0, a, b, c, d) = (h - 2, 0, 0, a, b);
                _at[x] = y0 * w + x0;
                _weights[x] = (T.CreateTruncating(a), T.CreateTruncating(b), T.CreateTruncating(c), T.CreateTruncating(d));
            }
        }

        public void Collect(ReadOnlySpan<T> source, Span<T> to, int stride)
        {
            for (int x = 0; x < to.Length; x++)
            {
                var (at, w) = (_at[x], _weights[x]);
                var upper = source.Slice(at, 2);
                var lower = source.Slice(at + stride, 2);
                to[x] = upper[0] * w.A + upper[1] * w.B + lower[0] * w.C + lower[1] * w.D;
            }
        }

        public void Spread(ReadOnlySpan<T> from, Span<T> to, int stride)
        {
            for (int x = 0; x < from.Length; x++)
            {
                var (at, w, g) = (_at[x], _weights[x], from[x]);
                var upper = to.Slice(at, 2);
                var lower = to.Slice(at + stride, 2);
                upper[0] += g * w.A;
                upper[1] += g * w.B;
                lower[0] += g * w.C;
                lower[1] += g * w.D;
            }
        }
    }
}
