using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>The real images a discriminator sees at each step: keyed order, mirrored at random where asked.</summary>
internal sealed class RealBatches(ImageSet set, int batch, bool mirror, Keys keys)
{
    private readonly EndlessOrder _order = new(keys, "gan/real/order", set.Count);

    /// <summary>The labels of <see cref="At"/>, without its images.</summary>
    public int[] LabelsAt(long step) => [.. Enumerable.Range(0, batch).Select(i => set.Labels[_order[step * batch + i]])];

    /// <summary>Images [N, C, H, W], float32 in [−1, 1], and their labels.</summary>
    public (Tensor Images, int[] Labels) At(long step)
    {
        var shape = set.Shape;
        var pixels = new byte[batch * shape.Size];
        var labels = new int[batch];
        var random = keys.Random("gan/real/mirror", step);
        for (int i = 0; i < batch; i++)
        {
            var index = _order[step * batch + i];
            labels[i] = set.Labels[index];
            var image = pixels.AsSpan(i * shape.Size, shape.Size);
            set[index].CopyTo(image);
            if (!mirror || random.Uniform() >= 0.5) continue;
            for (int row = 0; row < shape.Channels * shape.Height; row++) image.Slice(row * shape.Width, shape.Width).Reverse();
        }
        return (Pixels.ToFloat(tensor(pixels, [batch, shape.Channels, shape.Height, shape.Width])), labels);
    }
}
