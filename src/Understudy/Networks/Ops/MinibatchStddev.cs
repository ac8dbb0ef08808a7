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
    /// <param name="batches">How many batches of the same size, one after another, x is; groups keep to one.</param>
    /// <exception cref="ArgumentException">g does not divide N, or the channels do not divide C.</exception>
    public static Tensor Append(Tensor x, int group, int channels, int batches = 1)
    {
        var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var size = n / batches;
        var g = Math.Min(group, size);
        if (size % g != 0)
            throw new ArgumentException($"a batch of {size} does not split into groups of {g}: change the batch or stddev_group");
        if (c % channels != 0) throw new ArgumentException($"stddev_channels: {channels} does not divide {c} channels");
        using var scope = NewDisposeScope();
        var y = (x.dtype == ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x)
            .reshape(batches, g, size / g, channels, c / channels, h, w);
        y = (y - y.mean([1], keepdim: true)).square().mean([1]);                           // [batches, size/g, F, C/F, H, W]
        y = (y + 1e-8).sqrt().mean([3, 4, 5]);                                             // [batches, size/g, F]
        y = y.unsqueeze(1).expand(-1, g, -1, -1).reshape(n, channels, 1, 1).expand(-1, -1, h, w);
        return cat([x, y.to(x.dtype)], 1).MoveToOuterDisposeScope();
    }
}
