using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>A grid of generated images, a row for each class, the same latents every time: how a generator grows, at a glance.</summary>
internal static class ContactSheet
{
    public const int Columns = 10;

    /// <summary>Draws the generator with fixed noise, untruncated, and writes a PNG.</summary>
    /// <param name="classes">That the generator was trained on.</param>
    public static void Write(string path, Generator generator, int classes, Keys keys)
    {
        var o = generator.Options;
        var rows = o.LabelDim > 0 ? classes : 4;
        var images = new List<byte[]>();
        for (int row = 0; row < rows; row++)
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            // The columns share their latents, so that a column shows one face in every class.
            var z = keys.Normal("sheet/z", o.LabelDim > 0 ? 0 : row, Columns, o.ZDim);
            var c = Labels.Encode([.. Enumerable.Repeat(row, Columns)], o.LabelDim, classes);
            images.Add(Pixels.ToBytes(generator.Synthesize(generator.Map(z, c), NoiseMode.Const)));
        }
        var (pixels, shape) = Grid(images, new ImageShape(o.Channels, o.Resolution, o.Resolution), Columns);
        var mark = PngText.Synthetic(GeneratorFile.HashOf(generator));
        AtomicFile.Write(path, s => s.Write(ImageCodec.EncodePng(pixels, shape, mark)));
    }

    /// <summary>Rows of images [columns, C, H, W] side by side as one image [C, rows·H, columns·W].</summary>
    internal static (byte[] Pixels, ImageShape Shape) Grid(IReadOnlyList<byte[]> rows, ImageShape image, int columns)
    {
        var shape = new ImageShape(image.Channels, image.Height * rows.Count, image.Width * columns);
        var pixels = new byte[shape.Size];
        for (int r = 0; r < rows.Count; r++)
        {
            for (int line = 0; line < columns * image.Channels * image.Height; line++)
            {
                var (column, rest) = Math.DivRem(line, image.Channels * image.Height);
                var (channel, y) = Math.DivRem(rest, image.Height);
                rows[r].AsSpan(line * image.Width, image.Width)
                    .CopyTo(pixels.AsSpan((channel * shape.Height + r * image.Height + y) * shape.Width + column * image.Width));
            }
        }
        return (pixels, shape);
    }
}
