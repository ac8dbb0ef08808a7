using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Training;

/// <summary>
/// The simplest set with classes: dark, bright (and further, evenly spaced) images with a lit left or right half.
/// </summary>
internal static class TwoTones
{
    public static ImageSet Draw(int count = 64, int size = 16, int channels = 1, int classes = 2)
    {
        var random = new KeyedRandom(1, "tones");
        var shape = new ImageShape(channels, size, size);
        var pixels = new byte[count * shape.Size];
        for (int i = 0; i < count; i++)
        {
            var tone = Tone(i % classes, classes) + random.Uniform(-10, 10);
            var left = random.Next(2) == 0;
            for (int k = 0; k < shape.Size; k++)
                pixels[i * shape.Size + k] = (byte)(tone + (k % size < size / 2 == left ? 20 : -20));
        }
        return new(new(Enumerable.Range(0, classes).Select(k => $"tone {k}")), shape,
            [.. Enumerable.Range(0, count).Select(i => $"{i:d4}")],
            [.. Enumerable.Range(0, count).Select(i => i % classes)], pixels);
    }

    /// <summary>The mean pixel of a class.</summary>
    public static double Tone(int label, int classes) => classes == 1 ? 128 : 60 + 130.0 * label / (classes - 1);
}
