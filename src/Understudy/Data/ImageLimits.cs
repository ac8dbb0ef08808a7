namespace Understudy.Data;

/// <summary>What is refused before memory is asked for.</summary>
internal static class ImageLimits
{
    /// <summary>Pixels of one image file: 64 million, more than any camera's portrait.</summary>
    public const long MaxPixels = 64_000_000;

    /// <summary>Bytes of one image file, packed or unpacked.</summary>
    public const long MaxFileBytes = 256_000_000;

    /// <exception cref="InvalidDataException">A set of this size does not fit one array of bytes (2 GB).</exception>
    public static void RequireFits(long count, ImageShape shape)
    {
        var bytes = count * shape.Channels * shape.Height * shape.Width;
        if (bytes > Array.MaxLength)
            throw new InvalidDataException(
                FormattableString.Invariant(
                    $"{count} images of {shape} take {bytes / 1e9:0.0} GB; a set holds 2 GB at most: give a smaller --size"));
    }
}
