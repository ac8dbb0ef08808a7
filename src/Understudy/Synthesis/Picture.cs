using Understudy.Common;
using Understudy.Data;

namespace Understudy.Synthesis;

/// <summary>Images of one size laid out in rows and columns, for people to look at.</summary>
/// <param name="Pixels">[C, H, W], 0–255.</param>
public sealed record Picture(ImageShape Shape, byte[] Pixels)
{
    /// <summary>The grey of a place without an image.</summary>
    private const byte Blank = 128;

    /// <summary>One picture of rows × columns images, each made <paramref name="scale"/> times as large by repeating pixels.</summary>
    /// <param name="images">Row by row, [C, H, W] of one shape; null leaves the place grey.</param>
    public static Picture Grid(IReadOnlyList<byte[]?> images, ImageShape image, int columns, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(images);
        OptionException.RequireRange("scale", scale, 1, 32);
        if (columns < 1 || images.Count % columns != 0) throw new ArgumentException($"{images.Count} images make no rows of {columns}", nameof(columns));
        var (rows, h, w) = (images.Count / columns, image.Height * scale, image.Width * scale);
        if ((long)rows * h * columns * w * image.Channels > Array.MaxLength)
            throw new OptionException($"a picture of {columns * (long)w}×{rows * (long)h} pixels is too large; ask for fewer images or a smaller scale");
        var shape = new ImageShape(image.Channels, rows * h, columns * w);
        var pixels = new byte[shape.Size];
        Array.Fill(pixels, Blank);
        for (int i = 0; i < images.Count; i++)
        {
            if (images[i] is not { } source) continue;
            var (row, column) = Math.DivRem(i, columns);
            for (int c = 0; c < image.Channels; c++)
            {
                for (int y = 0; y < h; y++)
                {
                    var from = source.AsSpan((c * image.Height + y / scale) * image.Width, image.Width);
                    var to = pixels.AsSpan((c * shape.Height + row * h + y) * shape.Width + column * w, w);
                    for (int x = 0; x < w; x++) to[x] = from[x / scale];
                }
            }
        }
        return new(shape, pixels);
    }

    /// <summary>As a PNG, written atomically.</summary>
    /// <param name="text">What the file says about itself.</param>
    public void Save(string path, IEnumerable<(string Key, string Text)>? text = null) =>
        AtomicFile.Write(path, s => s.Write(ImageCodec.EncodePng(Pixels, Shape, text)));
}
