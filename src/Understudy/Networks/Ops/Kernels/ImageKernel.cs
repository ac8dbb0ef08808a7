using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// Maps to the few channels of an image, image = x · w with one small matrix for each image, and its derivatives in one pass.
/// </summary>
internal static unsafe class ImageKernel
{
    /// <param name="x">[N, I, H, W], channels-last.</param>
    /// <param name="w">[N, C, I], float32, contiguous.</param>
    /// <param name="image">[N, C, H, W], float32, contiguous.</param>
    public static void Forward(Tensor x, Tensor w, Tensor image)
    {
        if (x.dtype == ScalarType.BFloat16) Forward<BFloat16Elements>(x, w, image);
        else Forward<Float32Elements>(x, w, image);
    }

    /// <param name="g">The gradient of the image, [N, C, H, W], float32, contiguous.</param>
    /// <param name="gx">The gradient of x, like x.</param>
    /// <param name="gw">The gradient of w, like w; overwritten.</param>
    public static void Backward(Tensor g, Tensor x, Tensor w, Tensor gx, Tensor gw)
    {
        if (x.dtype == ScalarType.BFloat16) Backward<BFloat16Elements>(g, x, w, gx, gw);
        else Backward<Float32Elements>(g, x, w, gx, gw);
    }

    private static void Forward<T>(Tensor x, Tensor w, Tensor image) where T : struct, IElements
    {
        var job = new ForwardJob<T>(Maps.Of(x), (int)w.shape[1], (nint)Maps.Data(x), (nint)Maps.Start(w),
            (nint)Maps.Start(image));
        Workers.Run(ref job, (int)x.shape[0]);
    }

    private static void Backward<T>(Tensor g, Tensor x, Tensor w, Tensor gx, Tensor gw) where T : struct, IElements
    {
        var job = new BackwardJob<T>(Maps.Of(x), (int)w.shape[1], (nint)Maps.Start(g), (nint)Maps.Data(x), (nint)Maps.Start(w),
            (nint)Maps.Data(gx), (nint)Maps.Start(gw));
        Workers.Run(ref job, (int)x.shape[0]);
    }

    private readonly struct ForwardJob<T>(Maps maps, int colours, nint x, nint w, nint image) : IJob where T : struct, IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            var inputs = (nint)maps.Channels;
            for (int n = from; n < to; n++)
            {
                for (int k = 0; k < colours; k++)
                {
                    var weights = (float*)w + ((nint)n * colours + k) * inputs;
                    var result = (float*)image + ((nint)n * colours + k) * maps.Rows;
                    var first = (nint)n * maps.Rows * inputs;
                    for (int p = 0; p < maps.Rows; p++, first += inputs)
                    {
                        var sum = Vector256<float>.Zero;
                        for (nint i = 0; i < inputs; i += IElements.Lanes)
                            sum = Vector256.FusedMultiplyAdd(T.Load((void*)x, first + i), Vector256.Load(weights + i), sum);
                        result[p] = Vector256.Sum(sum);
                    }
                }
            }
        }
    }

    private readonly struct BackwardJob<T>(Maps maps, int colours, nint g, nint x, nint w, nint gx, nint gw)
        : IJob where T : struct, IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            var inputs = (nint)maps.Channels;
            for (int n = from; n < to; n++)
            {
                var weights = (float*)w + n * colours * inputs;
                var sums = (float*)gw + n * colours * inputs;
                var upstream = (float*)g + (nint)n * colours * maps.Rows;
                new Span<float>(sums, colours * maps.Channels).Clear();
                for (int tile = 0; tile < maps.Rows; tile += ScaleKernel.Tile)
                {
                    var rows = Math.Min(ScaleKernel.Tile, maps.Rows - tile);
                    var first = ((nint)n * maps.Rows + tile) * inputs;
                    for (nint i = 0; i < inputs; i += IElements.Lanes)
                    {
                        for (int k = 0; k < colours; k++)
                        {
                            var sum = Vector256.Load(sums + k * inputs + i);
                            for (int p = 0; p < rows; p++)
                                sum = Vector256.FusedMultiplyAdd(Vector256.Create(upstream[k * maps.Rows + tile + p]),
                                    T.Load((void*)x, first + p * inputs + i), sum);
                            sum.Store(sums + k * inputs + i);
                        }
                        for (int p = 0; p < rows; p++)
                        {
                            var slope = Vector256<float>.Zero;
                            for (int k = 0; k < colours; k++)
                                slope = Vector256.FusedMultiplyAdd(Vector256.Create(upstream[k * maps.Rows + tile + p]),
                                    Vector256.Load(weights + k * inputs + i), slope);
                            T.Store((void*)gx, first + p * inputs + i, slope);
                        }
                    }
                }
            }
        }
    }
}
