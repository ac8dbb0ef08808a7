using System.Runtime.CompilerServices;
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
        var operands = new Operands(y, d, b, noise, strength);
        MapsWork.Run(new ForwardJob(operands, (nint)Maps.Data(z)), operands.Maps.Images, y);
    }

    /// <param name="gy">The gradient of y, like y.</param>
    /// <param name="sums">Overwritten by three sums for each channel of each image, of the rectifier's gradient: times y, alone,
    /// and times noise; [3, N, C].</param>
    public static void Backward(Tensor g, Tensor y, Tensor d, Tensor b, Tensor? noise, float strength, Tensor gy, Tensor sums)
    {
        var operands = new Operands(y, d, b, noise, strength);
        MapsWork.Run(new BackwardJob(operands, (nint)Maps.Data(g), (nint)Maps.Data(gy), (float*)Maps.Start(sums)),
            operands.Maps.Images, y);
    }

    /// <summary>Where the operands are.</summary>
    private readonly struct Operands(Tensor y, Tensor d, Tensor b, Tensor? noise, float strength)
    {
        public readonly Maps Maps = Maps.Of(y);
        public readonly nint Y = (nint)Maps.Data(y);
        public readonly float* D = (float*)Maps.Start(d);
        public readonly float* B = (float*)Maps.Start(b);
        public readonly float Strength = strength;
        private readonly float* _noise = noise is null ? null : (float*)Maps.Start(noise);
        private readonly bool _noiseIsShared = noise is null || noise.shape[0] == 1;

        /// <summary>The noise of image n, a number for each row; null where there is none.</summary>
        public float* NoiseOf(int n) => _noise is null || _noiseIsShared ? _noise : _noise + (nint)n * Maps.Rows;
    }

    private readonly struct ForwardJob(Operands o, nint z) : IMapsJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T, V>(int from, int to) where T : struct, IElements where V : struct, ILanes<V>
        {
            var channels = (nint)o.Maps.Channels;
            var slope = V.Create((float)BiasAct.Slope);
            for (int n = from; n < to; n++)
            {
                float* noise = o.NoiseOf(n), d = o.D + n * channels;
                var first = (nint)n * o.Maps.Rows * channels;
                for (int p = 0; p < o.Maps.Rows; p++, first += channels)
                {
                    var grain = V.Create(noise is null ? 0 : noise[p] * o.Strength);
                    for (nint c = 0; c < channels; c += V.Count)
                    {
                        var v = V.FusedMultiplyAdd(T.Load<V>(o.Y, first + c), V.Load(d + c), V.Load(o.B + c) + grain);
                        T.Store(z, first + c, V.Max(v, v * slope));
                    }
                }
            }
        }
    }

    private readonly struct BackwardJob(Operands o, nint g, nint gy, float* sums) : IMapsJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T, V>(int from, int to) where T : struct, IElements where V : struct, ILanes<V>
        {
            var channels = (nint)o.Maps.Channels;
            var (slope, strength) = (V.Create((float)BiasAct.Slope), V.Create(o.Strength));
            var grains = stackalloc float[ScaleKernel.Tile];
            for (int n = from; n < to; n++)
            {
                float* noise = o.NoiseOf(n), factors = o.D + n * channels, timesY = sums + n * channels;
                var alone = timesY + o.Maps.Images * channels;
                var timesNoise = alone + o.Maps.Images * channels;
                foreach (var sum in (ReadOnlySpan<nint>)[(nint)timesY, (nint)alone, (nint)timesNoise])
                    new Span<float>((void*)sum, o.Maps.Channels).Clear();
                for (int tile = 0; tile < o.Maps.Rows; tile += ScaleKernel.Tile)
                {
                    var rows = Math.Min(ScaleKernel.Tile, o.Maps.Rows - tile);
                    for (int p = 0; p < rows; p++) grains[p] = noise is null ? 0 : noise[tile + p];
                    var first = ((nint)n * o.Maps.Rows + tile) * channels;
                    for (nint c = 0; c < channels; c += V.Count)
                    {
                        var (d, b) = (V.Load(factors + c), V.Load(o.B + c));
                        var (sumY, sumAlone, sumNoise) = (V.Load(timesY + c), V.Load(alone + c), V.Load(timesNoise + c));
                        var at = first + c;
                        for (int p = 0; p < rows; p++, at += channels)
                        {
                            var (y, grain) = (T.Load<V>(o.Y, at), V.Create(grains[p]));
                            var v = V.FusedMultiplyAdd(y, d, V.FusedMultiplyAdd(grain, strength, b));
                            var upstream = T.Load<V>(g, at);
                            var through = V.WherePositive(v, upstream, upstream * slope);
                            sumY = V.FusedMultiplyAdd(through, y, sumY);
                            sumAlone += through;
                            sumNoise = V.FusedMultiplyAdd(through, grain, sumNoise);
                            T.Store(gy, at, through * d);
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
