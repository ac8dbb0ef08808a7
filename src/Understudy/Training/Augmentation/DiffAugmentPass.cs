using System.Runtime.InteropServices;
using TorchSharp;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Training.Augmentation;

/// <summary>
/// <see cref="DiffAugment"/> of float32 images in main memory, in one pass instead of some thirty operations. Of each image it is
/// A·x + b; its derivative is A's adjoint, whose own derivative is A, and so on.
/// </summary>
internal sealed class DiffAugmentPass : autograd.SingleTensorFunction<DiffAugmentPass>
{
    /// <summary>A·x + b, A·x or Aᵀ·x.</summary>
    private enum Part { Whole, Linear, Adjoint }

    public override string Name => nameof(DiffAugmentPass);

    /// <summary>Whether <see cref="Apply"/> takes the images.</summary>
    public static bool Fits(Tensor images) =>
        images.dtype == ScalarType.Float32 && images.device_type == DeviceType.CPU
        && images.numel() <= int.MaxValue / sizeof(float);

    /// <summary>Images [N, C, H, W] → the same shape; one draw per image.</summary>
    public static Tensor Apply(Tensor images, DiffAugmentDraw[] draws) => Run(images, draws, Part.Whole);

    private static Tensor Run(Tensor images, DiffAugmentDraw[] draws, Part part)
    {
        using var scope = NewDisposeScope();
        return apply(images, draws, part).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (images, draws, part) = ((Tensor)vars[0], (DiffAugmentDraw[])vars[1], (Part)vars[2]);
        ctx.set_materialize_grads(false);
        ctx.save_data(nameof(draws), draws);
        ctx.save_data(nameof(part), part);
        using var contiguous = images.contiguous();
        var shape = images.shape;
        var (channels, height, width) = ((int)shape[1], (int)shape[2], (int)shape[3]);
        var result = zeros(shape);
        Span<float> from = Numbers(contiguous), to = Numbers(result);
        var size = channels * height * width;
        var image = new float[size];
        for (int i = 0; i < draws.Length; i++)
        {
            Span<float> source = from.Slice(i * size, size), target = to.Slice(i * size, size);
            if (part == Part.Adjoint)
            {
                Move(source, target, draws[i], height, width, back: true);
                Recolour(target, target, draws[i], channels, part);
            }
            else
            {
                Recolour(source, image, draws[i], channels, part);
                Move(image, target, draws[i], height, width, back: false);
            }
        }
        return result;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var scope = NewDisposeScope();
        var part = (Part)ctx.get_data("part") == Part.Adjoint ? Part.Linear : Part.Adjoint;
        var gradient = grad_output.IsInvalid ? null : Run(grad_output, (DiffAugmentDraw[])ctx.get_data("draws"), part);
        return BackwardHandover.Return(scope, ctx, grad_output, gradient, null, null);
    }

    /// <summary>
    /// Brightness, saturation, contrast; the last two are symmetric and commute, so their adjoint is themselves.
    /// </summary>
    private static void Recolour(ReadOnlySpan<float> source, Span<float> target, DiffAugmentDraw draw, int channels, Part part)
    {
        var brightness = part == Part.Whole ? draw.Brightness : 0;
        for (int i = 0; i < target.Length; i++) target[i] = source[i] + brightness;
        var plane = target.Length / channels;
        if (channels > 1 && draw.Saturation != 1)
        {
            for (int p = 0; p < plane; p++)
            {
                var grey = 0f;
                for (int c = 0; c < channels; c++) grey += target[c * plane + p];
                grey /= channels;
                for (int c = 0; c < channels; c++)
                    target[c * plane + p] = (target[c * plane + p] - grey) * draw.Saturation + grey;
            }
        }
        if (draw.Contrast == 1) return;
        double sum = 0;
        foreach (var value in target) sum += value;
        var mean = (float)(sum / target.Length);
        foreach (ref var value in target) value = (value - mean) * draw.Contrast + mean;
    }

    /// <summary>
    /// Translation and cutout: every pixel that is not cut out goes to, or for the adjoint comes back from, where it is moved.
    /// What is left is as it was, 0.
    /// </summary>
    private static void Move(ReadOnlySpan<float> source, Span<float> target, DiffAugmentDraw draw, int height, int width,
        bool back)
    {
        var (dx, dy) = (draw.ShiftX, draw.ShiftY);
        var (left, right) = (Math.Max(0, dx), Math.Min(width, width + dx));
        for (int row = 0; row < source.Length / width; row++)
        {
            var (y, moved) = (row % height, row - dy);
            if ((uint)(y - dy) >= (uint)height) continue;
            var cut = draw.Cut is { } c && y >= c.Top && y < c.Bottom ? (From: c.Left, To: c.Right) : (From: left, To: left);
            Copy(left, Math.Min(right, cut.From), source, target);
            Copy(Math.Max(left, cut.To), right, source, target);

            void Copy(int from, int to, ReadOnlySpan<float> source, Span<float> target)
            {
                if (from >= to) return;
                var (here, there) = (row * width + from, moved * width + from - dx);
                if (back) source.Slice(here, to - from).CopyTo(target[there..]);
                else source.Slice(there, to - from).CopyTo(target[here..]);
            }
        }
    }

    private static Span<float> Numbers(Tensor contiguous) => MemoryMarshal.Cast<byte, float>(contiguous.bytes);
}
