using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

/// <summary>Small images that a classifier learns in seconds: class k is stripes along direction k, under noise.</summary>
internal static class Stripes
{
    public static ClassNames Classes { get; } = new(["across", "down", "slanted"]);

    public static ImageSet Draw(int count, ulong seed = 1, int side = 16, int channels = 1, int noise = 60)
    {
        var pixels = new byte[count * channels * side * side];
        var random = new KeyedRandom(seed);
        for (int i = 0; i < pixels.Length; i++)
        {
            var (image, x, y) = (i / (channels * side * side), i % side, i / side % side);
            var phase = (image % 3) switch { 0 => y, 1 => x, _ => x + y };
            pixels[i] = (byte)Math.Clamp((phase / 2 % 2 == 0 ? 90 : 165) + (random.Uniform() - .5) * 2 * noise, 0, 255);
        }
        return new(Classes, new(channels, side, side), [.. Enumerable.Range(0, count).Select(i => $"s{i:0000}")],
            [.. Enumerable.Range(0, count).Select(i => i % 3)], pixels);
    }

    /// <summary>The first images for training, the next for validation.</summary>
    public static ClassifierData Data(ImageSet set, int train, int validation) =>
        new(Selection.Of("set", set, Enumerable.Range(0, train)),
        new Dictionary<string, ImageSet> { ["set"] = set }, set.Subset([.. Enumerable.Range(train, validation)]), "split");

    /// <summary>A few steps at 16 pixels, with everything switched on.</summary>
    public static ClassifierOptions Options { get; } = ClassifierOptions.For("screening") with
    {
        Size = 16,
        EarlySize = 12,
        Epochs = 3,
        Batch = 16,
        PeakRate = .05,
        Mixup = .2,
        CheckpointSteps = 2,
    };
}
