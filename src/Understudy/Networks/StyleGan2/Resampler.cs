using Understudy.Networks.Ops;
using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>Doubles or halves square feature maps or images of one size; nothing to learn, nothing to save.</summary>
internal sealed class Resampler : nn.Module<Tensor, Tensor>
{
    private readonly Tensor matrix;

    private readonly bool doubles;

    private Resampler(Tensor matrix, bool doubles) : base(nameof(Resampler))
    {
        this.doubles = doubles;
        this.matrix = matrix.DetachFromDisposeScope();
        register_buffer(nameof(matrix), matrix, persistent: false);
    }

    /// <summary>[N, C, size, size] to [N, C, 2·size, 2·size].</summary>
    public static Resampler Doubling(int size) => new(ResamplingMatrix.Doubling(size), doubles: true);

    /// <summary>[N, C, size, size] to [N, C, size/2, size/2].</summary>
    public static Resampler Halving(int size) => new(ResamplingMatrix.Halving(size), doubles: false);

    public override Tensor forward(Tensor x) =>
        !Fits(x) ? ResamplingMatrix.Apply(matrix, x) : doubles ? ResampleByTwo.Up(x) : ResampleByTwo.Down(x);

    /// <summary>Whether the kernels take what comes in and what goes out.</summary>
    private bool Fits(Tensor x) => Maps.Fit(x) && (!doubles || 4 * x.numel() * x.element_size() <= int.MaxValue);

    protected override void Dispose(bool disposing)
    {
        // a module disposes only the buffers it saves
        if (disposing) matrix.Dispose();
        base.Dispose(disposing);
    }
}
