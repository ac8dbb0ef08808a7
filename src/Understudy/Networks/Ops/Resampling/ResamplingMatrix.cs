using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>
/// Doubling and halving with the [1, 3, 3, 1] filter as two matrix products, y = A·x·Aᵀ: for the sizes at hand faster than a
/// strided depthwise convolution in both directions, and a matrix product is as cheap to differentiate twice as once.
/// Equal to <see cref="Resampling.Upsample2d"/> and <see cref="Resampling.Downsample2d"/>.
/// </summary>
internal static class ResamplingMatrix
{
    private static readonly float[] s_taps = [1 / 8f, 3 / 8f, 3 / 8f, 1 / 8f];

    /// <summary>A with [2·size, size]: output i takes input j with tap i − 2j + 1, gain 2 an axis.</summary>
    public static Tensor Doubling(int size) => Build(2 * size, size, (i, j) => 2 * Tap(i - 2 * j + 1));

    /// <summary>A with [size / 2, size]: output i takes input j with tap j − 2i + 1.</summary>
    public static Tensor Halving(int size) => Build(size / 2, size, (i, j) => Tap(j - 2 * i + 1));

    /// <summary>x [N, C, H, H] to A·x·Aᵀ [N, C, K, K], channels-last; <paramref name="matrix"/> A [K, H].</summary>
    public static Tensor Apply(Tensor matrix, Tensor x)
    {
        if (x.dim() != 4 || x.shape[2] != matrix.shape[1] || x.shape[3] != matrix.shape[1])
            throw new ArgumentException($"[{string.Join(", ", x.shape)}] is not [N, C, {matrix.shape[1]}, {matrix.shape[1]}]");
        using var scope = NewDisposeScope();
        var (n, c, h, k) = (x.shape[0], x.shape[1], x.shape[2], matrix.shape[0]);
        var a = matrix.to(x.dtype).unsqueeze(0);                                            // [1, K, H]
        var rows = bmm(a.expand(n, k, h), Layout.ToNhwc(x).reshape(n, h, h * c));           // [N, K, H·C]
        var both = bmm(a.expand(n * k, k, h), rows.reshape(n * k, h, c));                   // [N·K, K, C]
        return Layout.ToNchw(both.reshape(n, k, k, c)).MoveToOuterDisposeScope();
    }

    private static float Tap(int i) => (uint)i < 4 ? s_taps[i] : 0;

    private static Tensor Build(int rows, int columns, Func<int, int, float> value)
    {
        var a = new float[rows, columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) a[i, j] = value(i, j);
        return tensor(a);
    }
}
