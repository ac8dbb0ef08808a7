using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// Batch norm over the rows of channels-last maps, y = act(x · a + b + r): one pass for the statistics and one for the values,
/// and the same again for the derivatives. Sums are taken over <see cref="RowChunks"/> and then in float64: they are the same for
/// any number of threads.
/// </summary>
internal abstract unsafe class BatchNormKernel
{
    /// <summary>For maps of one type and an activation; null where there is none.</summary>
    public static BatchNormKernel? Of(ScalarType type, Activation activation) => (type, activation) switch
    {
        (ScalarType.Float32, Activation.Linear) => new BatchNormKernel<Float32Elements, Linear>(),
        (ScalarType.Float32, Activation.Relu) => new BatchNormKernel<Float32Elements, Relu>(),
        (ScalarType.Float32, Activation.Swish) => new BatchNormKernel<Float32Elements, Swish>(),
        (ScalarType.Float32, Activation.HardSwish) => new BatchNormKernel<Float32Elements, HardSwish>(),
        (ScalarType.BFloat16, Activation.Linear) => new BatchNormKernel<BFloat16Elements, Linear>(),
        (ScalarType.BFloat16, Activation.Relu) => new BatchNormKernel<BFloat16Elements, Relu>(),
        (ScalarType.BFloat16, Activation.Swish) => new BatchNormKernel<BFloat16Elements, Swish>(),
        (ScalarType.BFloat16, Activation.HardSwish) => new BatchNormKernel<BFloat16Elements, HardSwish>(),
        _ => null,
    };

    /// <summary>The mean and the (biased) variance of every channel, over images and pixels.</summary>
    public abstract (double[] Mean, double[] Variance) Statistics(Tensor x);

    /// <param name="r">Like x; null leaves it out.</param>
    public abstract void Forward(Tensor x, NormLine line, Tensor? r, Tensor y);

    /// <summary>The gradients of x and r; the line is that of the batch's own statistics.</summary>
    /// <param name="through">act′ · g, the gradient of r, like x: overwritten. Null where there is no r, or no act.</param>
    /// <param name="gx">Overwritten.</param>
    /// <returns>The gradients of scale and shift: Σ act′ · g · (x − mean) · deviation and Σ act′ · g.</returns>
    public abstract (double[] Scale, double[] Shift) Backward(Tensor g, Tensor x, NormLine line, Tensor? r, Tensor? through,
        Tensor gx);
}

/// <inheritdoc/>
/// <typeparam name="T">How the maps' numbers are stored.</typeparam>
/// <typeparam name="TActivation">act.</typeparam>
internal sealed unsafe class BatchNormKernel<T, TActivation> : BatchNormKernel
    where T : struct, IElements where TActivation : struct, IActivation
{
    public override (double[] Mean, double[] Variance) Statistics(Tensor x)
    {
        var chunks = new RowChunks(x);
        using var partial = empty(chunks.Count, 3, chunks.Channels);
        var job = new StatisticsJob(chunks, (nint)Maps.Data(x), (nint)Maps.Start(partial));
        Workers.Run(ref job, chunks.Count);
        var (mean, variance) = (new double[chunks.Channels], new double[chunks.Channels]);
        var shifts = (float*)Maps.Start(partial);
        for (int k = 0; k < chunks.Count; k++, shifts += 3 * chunks.Channels)
        {
            double rows = chunks.End(k) - chunks.Start(k);
            float* firsts = shifts + chunks.Channels, seconds = firsts + chunks.Channels;
            for (int c = 0; c < chunks.Channels; c++)
            {
                var about = firsts[c] / rows;
                var own = shifts[c] + about;
                mean[c] += rows * own / chunks.Rows;
                variance[c] += (seconds[c] - rows * about * about + rows * own * own) / chunks.Rows;
            }
        }
        for (int c = 0; c < chunks.Channels; c++) variance[c] = Math.Max(0, variance[c] - mean[c] * mean[c]);
        return (mean, variance);
    }

    public override void Forward(Tensor x, NormLine line, Tensor? r, Tensor y)
    {
        var chunks = new RowChunks(x);
        fixed (float* start = line)
        {
            var job = new ForwardJob(chunks, (nint)Maps.Data(x), line.Rows(start), At(r), (nint)Maps.Data(y));
            Workers.Run(ref job, chunks.Count);
        }
    }

    public override (double[] Scale, double[] Shift) Backward(Tensor g, Tensor x, NormLine line, Tensor? r, Tensor? through,
        Tensor gx)
    {
        var chunks = new RowChunks(x);
        using var partial = empty(chunks.Count, 2, chunks.Channels);
        using var rest = empty(2, chunks.Channels);
        fixed (float* start = line)
        {
            var rows = line.Rows(start);
            var sums = new SumsJob(chunks, (nint)Maps.Data(g), (nint)Maps.Data(x), rows, At(r), At(through),
                (nint)Maps.Start(partial));
            Workers.Run(ref sums, chunks.Count);
            var (scale, shift) = Merge(partial, chunks);
            // gx = a · (g′ − mean(g′) − (x − mean) · deviation² · mean(g′ · (x − mean))) as g′ · a + x · p + q.
            float* p = (float*)Maps.Start(rest), q = p + chunks.Channels;
            for (int c = 0; c < chunks.Channels; c++)
            {
                double a = rows.A[c], deviation = line.Deviation[c], slope = -a * deviation * deviation * scale[c] / chunks.Rows;
                (p[c], q[c]) = ((float)slope, (float)(-a * shift[c] / chunks.Rows - slope * rows.Mean[c]));
                scale[c] *= deviation;
            }
            // g′ is made again, which costs less than to write it down; where r wants it, it was.
            if (through is null)
            {
                var job = new BackwardJob(chunks, (nint)Maps.Data(g), (nint)Maps.Data(x), rows, (nint)p, (nint)Maps.Data(gx));
                Workers.Run(ref job, chunks.Count);
            }
            else
            {
                var job = new BatchNormKernel<T, Linear>.BackwardJob(chunks, At(through), (nint)Maps.Data(x), rows, (nint)p,
                    (nint)Maps.Data(gx));
                Workers.Run(ref job, chunks.Count);
            }
            return (scale, shift);
        }
    }

    private static nint At(Tensor? maps) => maps is null ? 0 : (nint)Maps.Data(maps);

    /// <param name="partial">[chunks, 2, C], of <see cref="SumsJob"/>.</param>
    private static (double[] Scale, double[] Shift) Merge(Tensor partial, RowChunks chunks)
    {
        var (scale, shift) = (new double[chunks.Channels], new double[chunks.Channels]);
        var part = (float*)Maps.Start(partial);
        for (int k = 0; k < chunks.Count; k++, part += 2 * chunks.Channels)
        {
            for (int c = 0; c < chunks.Channels; c++)
                (shift[c], scale[c]) = (shift[c] + part[c], scale[c] + part[chunks.Channels + c]);
        }
        return (scale, shift);
    }

    private readonly struct StatisticsJob(RowChunks chunks, nint x, nint partial) : IJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            nint channels = chunks.Channels;
            for (int k = from; k < to; k++)
            {
                var shifts = (float*)partial + k * 3 * channels;
                float* firsts = shifts + channels, seconds = firsts + channels;
                var (start, end) = (chunks.Start(k), chunks.End(k));
                // Of differences to the chunk's first row: sums of squares of the numbers themselves would lose what a small
                // variance is.
                for (nint c = 0; c < channels; c += IElements.Lanes) T.Load((void*)x, start * channels + c).Store(shifts + c);
                new Span<float>(firsts, 2 * chunks.Channels).Clear();
                for (var at = start * channels; at < end * channels; at += channels)
                {
                    for (nint c = 0; c < channels; c += IElements.Lanes)
                    {
                        var difference = T.Load((void*)x, at + c) - Vector256.Load(shifts + c);
                        (Vector256.Load(firsts + c) + difference).Store(firsts + c);
                        Vector256.FusedMultiplyAdd(difference, difference, Vector256.Load(seconds + c)).Store(seconds + c);
                    }
                }
            }
        }
    }

    private readonly struct ForwardJob(RowChunks chunks, nint x, NormRows line, nint r, nint y) : IJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            nint channels = chunks.Channels;
            float* a = line.A, b = line.B;
            var end = chunks.End(to - 1) * channels;
            for (var at = chunks.Start(from) * channels; at < end; at += channels)
            {
                if (r == 0)
                {
                    for (nint c = 0; c < channels; c += IElements.Lanes)
                    {
                        var z = Vector256.FusedMultiplyAdd(T.Load((void*)x, at + c), Vector256.Load(a + c),
                            Vector256.Load(b + c));
                        T.Store((void*)y, at + c, TActivation.Value(z));
                    }
                }
                else
                {
                    for (nint c = 0; c < channels; c += IElements.Lanes)
                    {
                        var z = Vector256.FusedMultiplyAdd(T.Load((void*)x, at + c), Vector256.Load(a + c),
                            Vector256.Load(b + c));
                        T.Store((void*)y, at + c, TActivation.Value(z + T.Load((void*)r, at + c)));
                    }
                }
            }
        }
    }

    private readonly struct SumsJob(RowChunks chunks, nint g, nint x, NormRows line, nint r, nint through, nint partial) : IJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            nint channels = chunks.Channels;
            float* factors = line.A, constants = line.B, means = line.Mean;
            for (int k = from; k < to; k++)
            {
                float* shifts = (float*)partial + k * 2 * channels, scales = shifts + channels;
                new Span<float>(shifts, 2 * chunks.Channels).Clear();
                var end = chunks.End(k) * channels;
                for (var at = chunks.Start(k) * channels; at < end; at += channels)
                {
                    for (nint c = 0; c < channels; c += IElements.Lanes)
                    {
                        var value = T.Load((void*)x, at + c);
                        var z = Vector256.FusedMultiplyAdd(value, Vector256.Load(factors + c), Vector256.Load(constants + c));
                        if (r != 0) z += T.Load((void*)r, at + c);
                        var slope = T.Load((void*)g, at + c) * TActivation.Slope(z);
                        if (through != 0) T.Store((void*)through, at + c, slope);
                        (Vector256.Load(shifts + c) + slope).Store(shifts + c);
                        Vector256.FusedMultiplyAdd(slope, value - Vector256.Load(means + c), Vector256.Load(scales + c))
                            .Store(scales + c);
                    }
                }
            }
        }
    }

    internal readonly struct BackwardJob(RowChunks chunks, nint g, nint x, NormRows line, nint rest, nint gx) : IJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            nint channels = chunks.Channels;
            float* a = line.A, b = line.B, p = (float*)rest, q = p + channels;
            var end = chunks.End(to - 1) * channels;
            for (var at = chunks.Start(from) * channels; at < end; at += channels)
            {
                for (nint c = 0; c < channels; c += IElements.Lanes)
                {
                    var (value, factor) = (T.Load((void*)x, at + c), Vector256.Load(a + c));
                    var z = Vector256.FusedMultiplyAdd(value, factor, Vector256.Load(b + c));
                    var slope = T.Load((void*)g, at + c) * TActivation.Slope(z);
                    var linear = Vector256.FusedMultiplyAdd(value, Vector256.Load(p + c), Vector256.Load(q + c));
                    T.Store((void*)gx, at + c, Vector256.FusedMultiplyAdd(slope, factor, linear));
                }
            }
        }
    }
}
