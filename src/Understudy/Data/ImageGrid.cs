namespace Understudy.Data;

/// <summary>Images of one shape side by side as one image.</summary>
internal static class ImageGrid
{
    /// <summary>The grey of a place without an image.</summary>
    private const byte Blank = 128;

    /// <summary>rows × columns images, each made <paramref name="scale"/> times as large by repeating pixels.</summary>
    /// <param name="images">Row by row, [C, H, W] each; an empty one leaves its place grey.</param>
    /// <returns>[C, rows · scale · H, columns · scale · W].</returns>
    /// <exception cref="ArgumentException">The images make no whole rows.</exception>
    public static (byte[] Pixels, ImageShape Shape) Of(IReadOnlyList<ReadOnlyMemory<byte>> images, ImageShape image, int columns,
        int scale = 1)
    {
        if (columns < 1 || images.Count % columns != 0)
            throw new ArgumentException($"{images.Count} images make no rows of {columns}", nameof(columns));
        var (h, w) = (image.Height * scale, image.Width * scale);
        var shape = new ImageShape(image.Channels, images.Count / columns * h, columns * w);
        var pixels = new byte[shape.Size];
        Array.Fill(pixels, Blank);
        for (int i = 0; i < images.Count; i++)
        {
            if (images[i].IsEmpty) continue;
            var (row, column) = Math.DivRem(i, columns);
            for (int line = 0; line < image.Channels * h; line++)
            {
                var (c, y) = Math.DivRem(line, h);
                var from = images[i].Span.Slice((c * image.Height + y / scale) * image.Width, image.Width);
                var to = pixels.AsSpan((c * shape.Height + row * h + y) * shape.Width + column * w, w);
                if (scale == 1) from.CopyTo(to);
                else for (int x = 0; x < w; x++) to[x] = from[x / scale];
            }
        }
        return (pixels, shape);
    }
}
