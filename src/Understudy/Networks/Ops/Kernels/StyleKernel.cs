using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// What follows a modulated convolution, z = lrelu(y · d + b + strength · noise) with one d for each channel of each image, and
/// all its derivatives, each in one pass over the maps.
/// </summary>
internal static unsafe class StyleKernel
{
    /// <param name="d">[N, C], float32, contiguous.</param>
    /// <param name="b">[C], float32, contiguous.</param>
    /// <param name="noise">[N or 1, 1, H, W], float32, contiguous, or null.</param>
    public static void Forward(Tensor y, Tensor d, Tensor b, Tensor? noise, float strength, Tensor z)
    {
        if (y.dtype == ScalarType.BFloat16) Forward<BFloat16Elements>(y, d, b, noise, strength, z);
        else Forward<Float32Elements>(y, d, b, noise, strength, z);
    }

    /// <param name="gy">The gradient of y, like y.</param>
    /// <param name="sums">Overwritten by three sums for each channel of each image, of the rectifier's gradient: times y, alone,
    /// and times noise; [3, N, C].</param>
    public static void Backward(Tensor g, Tensor y, Tensor d, Tensor b, Tensor? noise, float strength, Tensor gy, Tensor sums)
    {
        if (y.dtype == ScalarType.BFloat16) Backward<BFloat16Elements>(g, y, d, b, noise, strength, gy, sums);
        else Backward<Float32Elements>(g, y, d, b, noise, strength, gy, sums);
    }

    private static void Forward<T>(Tensor y, Tensor d, Tensor b, Tensor? noise, float strength, Tensor z) where T
        : struct, IElements
    {
        var job = new ForwardJob<T>(new(y, d, b, noise, strength), (nint)Maps.Data(z));
        Workers.Run(ref job, job.Count);
    }

    private static void Backward<T>(Tensor g, Tensor y, Tensor d, Tensor b, Tensor? noise, float strength, Tensor gy,
        Tensor sums) where T : struct, IElements
    {
        var job = new BackwardJob<T>(new(y, d, b, noise, strength), (nint)Maps.Data(g), (nint)Maps.Data(gy),
            (nint)Maps.Start(sums));
        Workers.Run(ref job, job.Count);
    }

    /// <summary>Where the operands are.</summary>
    private readonly struct Operands(Tensor y, Tensor d, Tensor b, Tensor? noise, float strength)
    {
        public readonly Maps Maps = Maps.Of(y);
        public readonly void* Y = Maps.Data(y);
        public readonly float* D = (float*)Maps.Start(d);
        public readonly float* B = (float*)Maps.Start(b);
        public readonly float Strength = strength;
        private readonly float* _noise = noise is null ? null : (float*)Maps.Start(noise);
        private readonly bool _noiseIsShared = noise is null || noise.shape[0] == 1;

        /// <summary>The noise of image n, a number for each row; null where there is none.</summary>
        public float* NoiseOf(int n) => _noise is null || _noiseIsShared ? _noise : _noise + (nint)n * Maps.Rows;
    }

    private readonly struct ForwardJob<T>(Operands o, nint z) : IJob where T : struct, IElements
    {
        public int Count => o.Maps.Images;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            var channels = (nint)o.Maps.Channels;
            var slope = Vector256.Create((float)BiasAct.Slope);
            for (int n = from; n < to; n++)
            {
                var (noise, d) = ((nint)o.NoiseOf(n), (nint)(o.D + n * channels));
                var first = (nint)n * o.Maps.Rows * channels;
                for (int p = 0; p < o.Maps.Rows; p++, first += channels)
                {
                    var grain = Vector256.Create(noise == 0 ? 0 : ((float*)noise)[p] * o.Strength);
                    for (nint c = 0; c < channels; c += IElements.Lanes)
                    {
                        var v = Vector256.FusedMultiplyAdd(T.Load(o.Y, first + c), Vector256.Load((float*)d + c),
                            Vector256.Load(o.B + c) + grain);
                        T.Store((void*)z, first + c, Vector256.Max(v, v * slope));
                    }
                }
            }
        }
    }

    private readonly struct BackwardJob<T>(Operands o, nint g, nint gy, nint sums) : IJob where T : struct, IElements
    {
        public int Count => o.Maps.Images;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            var channels = (nint)o.Maps.Channels;
            var slope = Vector256.Create((float)BiasAct.Slope);
            var grains = stackalloc float[ScaleKernel.Tile];
            for (int n = from; n < to; n++)
            {
                var (noise, factors) = ((nint)o.NoiseOf(n), (nint)(o.D + n * channels));
                var timesY = (float*)sums + n * channels;
                var alone = timesY + o.Maps.Images * channels;
                var timesNoise = alone + o.Maps.Images * channels;
                foreach (var sum in (ReadOnlySpan<nint>)[(nint)timesY, (nint)alone, (nint)timesNoise])
                    new Span<float>((void*)sum, o.Maps.Channels).Clear();
                for (int tile = 0; tile < o.Maps.Rows; tile += ScaleKernel.Tile)
                {
                    var rows = Math.Min(ScaleKernel.Tile, o.Maps.Rows - tile);
                    for (int p = 0; p < rows; p++) grains[p] = noise == 0 ? 0 : ((float*)noise)[tile + p];
                    var first = ((nint)n * o.Maps.Rows + tile) * channels;
                    for (nint c = 0; c < channels; c += IElements.Lanes)
                    {
                        var (d, b) = (Vector256.Load((float*)factors + c), Vector256.Load(o.B + c));
                        var (sumY, sumAlone, sumNoise) =
                            (Vector256.Load(timesY + c), Vector256.Load(alone + c), Vector256.Load(timesNoise + c));
                        var at = first + c;
                        for (int p = 0; p < rows; p++, at += channels)
                        {
                            var (y, grain) = (T.Load(o.Y, at), Vector256.Create(grains[p]));
                            var v = Vector256.FusedMultiplyAdd(y, d,
                                Vector256.FusedMultiplyAdd(grain, Vector256.Create(o.Strength), b));
                            var upstream = T.Load((void*)g, at);
                            var through = Vector256.ConditionalSelect(Vector256.GreaterThan(v, Vector256<float>.Zero), upstream,
                                upstream * slope);
                            sumY = Vector256.FusedMultiplyAdd(through, y, sumY);
                            sumAlone += through;
                            sumNoise = Vector256.FusedMultiplyAdd(through, grain, sumNoise);
                            T.Store((void*)gy, at, through * d);
                        }
                        sumY.Store(timesY + c);
                        sumAlone.Store(alone + c);
                        sumNoise.Store(timesNoise + c);
                    }
                }
            }
        }
    }
}
