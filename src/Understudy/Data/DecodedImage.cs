namespace Understudy.Data;

/// <summary>One image as decoded: [C, H, W], 0–255, C of 1 or 3.</summary>
internal sealed record DecodedImage(ImageShape Shape, byte[] Pixels, ImageTraits Traits = ImageTraits.None)
{
    /// <summary>Grey from RGB by ITU-R 601 (in PIL's 16-bit fixed point), or RGB by repeating grey.</summary>
    public DecodedImage WithChannels(int channels)
    {
        if (channels == Shape.Channels) return this;
        var plane = Shape.Height * Shape.Width;
        var to = new byte[channels * plane];
        if (channels == 3)
        {
            for (int c = 0; c < 3; c++) Pixels.CopyTo(to, c * plane);
        }
        else
        {
            for (int i = 0; i < plane; i++)
                to[i] = (byte)((19595 * Pixels[i] + 38470 * Pixels[plane + i] + 7471 * Pixels[2 * plane + i] + 0x8000) >> 16);
        }
        return new(Shape with { Channels = channels }, to);
    }

    /// <summary>Cut or padded with black to the ratio of height × width, whole pixels, then resized.</summary>
    /// <exception cref="InvalidDataException">Another ratio, and no crop.</exception>
    public DecodedImage Fit(int height, int width, Crop crop)
    {
        var (h, w) = (Shape.Height, Shape.Width);
        if (h == height && w == width) return this;
        if ((long)h * width == (long)w * height) return Resized(height, width);
        // The rectangle of the right ratio: the largest inside the image, or the smallest around it.
        var tall = ((long)h * width > (long)w * height) == (crop == Crop.Center);
        var (ch, cw) = tall ? (Rounded(w, height, width), w) : (h, Rounded(h, width, height));
        return crop == Crop.None
            ? throw new InvalidDataException(
                $"is {w}×{h}, and {width}×{height} would squeeze it; say --crop center or --crop pad")
            : Window((h - ch) / 2, (w - cw) / 2, ch, cw).Resized(height, width);
    }

    private static int Rounded(int side, int times, int over) => Math.Max(1, (int)(((long)side * times + over / 2) / over));

    private DecodedImage Window(int top, int left, int height, int width)
    {
        var to = new byte[Shape.Channels * height * width];
        for (int c = 0; c < Shape.Channels; c++)
        {
            for (int y = Math.Max(0, -top); y < Math.Min(height, Shape.Height - top); y++)
            {
                var from = Pixels.AsSpan((c * Shape.Height + y + top) * Shape.Width, Shape.Width);
                var line = to.AsSpan((c * height + y) * width, width);
                if (left >= 0) from.Slice(left, width).CopyTo(line);
                else from.CopyTo(line[-left..]);
            }
        }
        return new(new(Shape.Channels, height, width), to);
    }

    /// <summary>To this size whatever the ratio: for comparing, not for learning.</summary>
    public DecodedImage Resized(int height, int width)
    {
        if (Shape.Height == height && Shape.Width == width) return this;
        var to = new byte[Shape.Channels * height * width];
        Resizer.Resize(Pixels, Shape, to, height, width);
        return new(new(Shape.Channels, height, width), to);
    }
}
