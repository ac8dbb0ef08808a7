using Understudy.Common;
using Understudy.Data;

namespace Understudy.Synthesis;

/// <summary>Images of one size laid out in rows and columns, for people to look at.</summary>
/// <param name="Pixels">[C, H, W], 0–255.</param>
public sealed record Picture(ImageShape Shape, byte[] Pixels)
{
    /// <summary>
    /// One picture of rows × columns images, each made <paramref name="scale"/> times as large by repeating pixels.
    /// </summary>
    /// <param name="images">Row by row, [C, H, W] of one shape; null leaves the place grey.</param>
    public static Picture Grid(IReadOnlyList<byte[]?> images, ImageShape image, int columns, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(images);
        OptionException.RequireRange("scale", scale, 1, 32);
        var (rows, h, w) = (images.Count / Math.Max(columns, 1), (long)image.Height * scale, (long)image.Width * scale);
        if (rows * h * columns * w * image.Channels > Array.MaxLength)
            throw new OptionException($"a picture of {columns * w}×{rows * h} pixels is too large; ask for fewer images or a "
                + "smaller scale");
        var (pixels, shape) = ImageGrid.Of([.. images.Select(i => (ReadOnlyMemory<byte>)i)], image, columns, scale);
        return new(shape, pixels);
    }

    /// <summary>As a PNG, written atomically.</summary>
    /// <param name="text">What the file says about itself.</param>
    public void Save(string path, IEnumerable<(string Key, string Text)>? text = null) =>
        AtomicFile.Write(path, s => s.Write(ImageCodec.EncodePng(Pixels, Shape, text)));
}
