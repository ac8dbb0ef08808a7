using System.Runtime.InteropServices;
using SkiaSharp;

namespace Understudy.Data;

/// <summary>
/// PNG and JPEG (and BMP, WebP and GIF) to and from bytes, [C, H, W]. 16-bit and CMYK become 8 bits and RGB, EXIF orientation is
/// applied, transparency lies on black, the first of several frames is taken; colour profiles are not applied.
/// </summary>
public static class ImageCodec
{
    private const string Damaged = "is truncated or damaged";

    /// <summary>The file endings taken for images, in lower case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif"];

    /// <summary>Decodes one image: one channel where the file is grey, three otherwise.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="InvalidDataException">Not an image, truncated, or more than 64 million pixels.</exception>
    public static (ImageShape Shape, byte[] Pixels) Decode(byte[] file, string name)
    {
        try
        {
            var image = Decode(file);
            return (image.Shape, image.Pixels);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }

    /// <summary>An 8-bit PNG, grey or RGB, with text chunks before its pixels. Equal input gives equal bytes.</summary>
    /// <param name="pixels">[C, H, W], C of 1 or 3.</param>
    /// <param name="text">Keywords (1–79 Latin-1 characters) and texts.</param>
    public static byte[] EncodePng(ReadOnlySpan<byte> pixels, ImageShape shape,
        IEnumerable<(string Key, string Text)>? text = null)
    {
        if (shape.Channels is not (1 or 3) || pixels.Length != shape.Size)
            throw new ArgumentException($"{pixels.Length} bytes of shape {shape} are no grey or RGB image");
        var grey = shape.Channels == 1;
        var info = new SKImageInfo(shape.Width, shape.Height, grey ? SKColorType.Gray8 : SKColorType.Rgb888x, SKAlphaType.Opaque);
        var packed = grey ? pixels.ToArray() : Interleaved(pixels, shape);
        var pin = GCHandle.Alloc(packed, GCHandleType.Pinned);
        try
        {
            using var pixmap = new SKPixmap(info, pin.AddrOfPinnedObject(), info.RowBytes);
            using var data = pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6))
                ?? throw new InvalidOperationException($"Skia does not encode an image of shape {shape}");
            var png = data.ToArray();
            return text is null ? png : PngText.Insert(png, text);
        }
        finally
        {
            pin.Free();
        }
    }

    /// <summary>As <see cref="Decode(byte[], string)"/>; messages lack the name.</summary>
    internal static DecodedImage Decode(byte[] file)
    {
        if (PngText.IsCut(file)) throw new InvalidDataException(Damaged);   // Skia is content when the pixels are all there
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is null) throw new InvalidDataException(NotAnImage(file));
        var (w, h) = (codec.Info.Width, codec.Info.Height);
        if ((long)w * h > ImageLimits.MaxPixels)
            throw new InvalidDataException($"claims {w}×{h} pixels; images up to {ImageLimits.MaxPixels / 1_000_000} million "
                + "pixels are read: make it smaller first");
        var grey = codec.Info.ColorType == SKColorType.Gray8;
        var info = new SKImageInfo(w, h, grey ? SKColorType.Gray8 : SKColorType.Rgba8888,
            grey ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        var packed = new byte[info.BytesSize];
        var pin = GCHandle.Alloc(packed, GCHandleType.Pinned);
        try
        {
            if (codec.GetPixels(info, pin.AddrOfPinnedObject()) != SKCodecResult.Success) throw new InvalidDataException(Damaged);
        }
        finally
        {
            pin.Free();
        }
        var traits = ImageHeader.Traits(file, codec.FrameCount);
        var pixels = packed;
        if (!grey)
        {
            (pixels, var transparent) = Planar(packed, w * h);
            if (transparent) traits |= ImageTraits.Transparent;
        }
        var (shown, turned) = Oriented(pixels, new(grey ? 1 : 3, h, w), codec.EncodedOrigin);
        return shown with { Traits = turned ? traits | ImageTraits.Turned : traits };
    }

    private static string NotAnImage(byte[] file) => file.Length == 0
        ? "is empty"
        : "is not a readable PNG, JPEG, BMP, WebP or GIF image";

    /// <summary>RGBA to planes of RGB over black.</summary>
    private static (byte[] Pixels, bool Transparent) Planar(byte[] rgba, int plane)
    {
        var to = new byte[3 * plane];
        var transparent = false;
        for (int i = 0; i < plane; i++)
        {
            int a = rgba[4 * i + 3];
            transparent |= a != 255;
            for (int c = 0; c < 3; c++)
                to[c * plane + i] = a == 255 ? rgba[4 * i + c] : (byte)((rgba[4 * i + c] * a + 127) / 255);
        }
        return (to, transparent);
    }

    private static byte[] Interleaved(ReadOnlySpan<byte> pixels, ImageShape shape)
    {
        var plane = shape.Height * shape.Width;
        var to = new byte[4 * plane];
        for (int i = 0; i < plane; i++)
        {
            for (int c = 0; c < 3; c++) to[4 * i + c] = pixels[c * plane + i];
            to[4 * i + 3] = 255;
        }
        return to;
    }

    /// <summary>EXIF orientation: the pixel (x, y) as shown is stored at (sx, sy).</summary>
    private static (DecodedImage Shown, bool Turned) Oriented(byte[] pixels, ImageShape stored, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or 0) return (new(stored, pixels), false);
        var (w, h) = (stored.Width, stored.Height);
        var shape = origin >= SKEncodedOrigin.LeftTop ? stored with { Height = w, Width = h } : stored;
        var to = new byte[pixels.Length];
        for (int y = 0, i = 0; y < shape.Height; y++)
        {
            for (int x = 0; x < shape.Width; x++, i++)
            {
                var (sx, sy) = origin switch
                {
                    SKEncodedOrigin.TopRight => (w - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (w - 1 - x, h - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, h - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, h - 1 - x),
                    SKEncodedOrigin.RightBottom => (w - 1 - y, h - 1 - x),
                    _ => (w - 1 - y, x),
                };
                for (int c = 0; c < shape.Channels; c++) to[c * w * h + i] = pixels[c * w * h + sy * w + sx];
            }
        }
        return (new(shape, to), true);
    }
}
