namespace Understudy.Data;

/// <summary>What was done to an image file to make it 8-bit grey or RGB.</summary>
[Flags]
internal enum ImageTraits
{
    None = 0,

    /// <summary>16 bits a channel, of which the upper 8 were taken.</summary>
    SixteenBit = 1,

    /// <summary>CMYK, converted to RGB without a colour profile.</summary>
    Cmyk = 2,

    /// <summary>Transparent in places, laid on black.</summary>
    Transparent = 4,

    /// <summary>Turned or mirrored as its EXIF orientation says.</summary>
    Turned = 8,

    /// <summary>Of several frames, of which the first was taken.</summary>
    Animated = 16,
}

/// <summary>What can be told of an image file from its headers.</summary>
internal static class ImageHeader
{
    private const int PngDepthAt = 24;

    /// <summary>Depth, colour space and frames of a file that the decoder takes for an image.</summary>
    public static ImageTraits Traits(ReadOnlySpan<byte> file, int frames) =>
        (frames > 1 || PngText.HasChunk(file, "acTL"u8) ? ImageTraits.Animated : 0)
        | (PngText.IsPng(file) && file.Length > PngDepthAt && file[PngDepthAt] == 16 ? ImageTraits.SixteenBit : 0)
        | (JpegComponents(file) == 4 ? ImageTraits.Cmyk : 0);

    /// <summary>The number of components in a JPEG's frame header (ITU-T T.81, B.2.2); 0 where there is none.</summary>
    private static int JpegComponents(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8])) return 0;
        for (int at = 2; at + 9 < file.Length && file[at] == 0xFF; at += 2 + (file[at + 2] << 8 | file[at + 3]))
        {
            // SOF0 to SOF15, but for DHT, JPG and DAC, which lie among them.
            if (file[at + 1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) return file[at + 9];
        }
        return 0;
    }
}
