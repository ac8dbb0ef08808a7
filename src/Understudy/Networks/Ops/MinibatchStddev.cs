using static TorchSharp.torch;

namespace Understudy.Networks.Ops;

/// <summary>Minibatch standard deviation (Karras et al. 2018, arXiv 1710.10196, §3), in float32.</summary>
internal static class MinibatchStddev
{
    /// <summary>
    /// Appends <paramref name="channels"/> maps to x [N, C, H, W], each the mean standard deviation of its C / channels maps over
    /// a group. Members of a group are strided: i, i + N/g, i + 2N/g, ….
    /// </summary>
    /// <param name="group">Group size g; a smaller batch is one group.</param>
    /// <exception cref="ArgumentException">g does not divide N, or the channels do not divide C.</exception>
    public static Tensor Append(Tensor x, int group, int channels)
    {
        var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var g = Math.Min(group, n);
        if (n % g != 0)
            throw new ArgumentException($"a batch of {n} does not split into groups of {g}: change the batch or stddev_group");
        if (c % channels != 0) throw new ArgumentException($"stddev_channels: {channels} does not divide {c} channels");
        using var scope = NewDisposeScope();
        var y = (x.dtype == ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x).reshape(g, n / g, channels, c / channels, h, w);
        y = (y - y.mean([0], keepdim: true)).square().mean([0]);                           // [N/g, F, C/F, H, W]
        y = (y + 1e-8).sqrt().mean([2, 3, 4]);                                             // [N/g, F]
        y = y.reshape(n / g, channels, 1, 1).repeat(g, 1, h, w);                           // [N, F, H, W]
        return cat([x, y.to(x.dtype)], 1).MoveToOuterDisposeScope();
    }
}
