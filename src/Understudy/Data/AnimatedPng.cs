using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Understudy.Data;

/// <summary>
/// Animated PNG (W3C PNG, third edition): lossless, grey or RGB, played by every browser; what does not know animation shows the
/// first frame. Every frame is a whole image: its data is that of the frame's own PNG.
/// </summary>
public static class AnimatedPng
{
    private const int SignatureLength = 8;

    /// <summary>All frames as one file.</summary>
    /// <param name="frames">Pixels [C, H, W], C of 1 or 3.</param>
    /// <param name="framesPerSecond">1 to 100.</param>
    /// <param name="text">Text chunks, as of <see cref="ImageCodec.EncodePng"/>.</param>
    /// <exception cref="ArgumentException">No frame, one of another size, or a rate out of range.</exception>
    public static byte[] Encode(IReadOnlyList<byte[]> frames, ImageShape shape, int framesPerSecond,
        IEnumerable<(string Key, string Text)>? text = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count == 0) throw new ArgumentException("an animation needs a frame", nameof(frames));
        if (framesPerSecond is < 1 or > 100)
            throw new ArgumentException($"{framesPerSecond} frames a second are out of range; give 1 to 100",
                nameof(framesPerSecond));
        var images = new byte[frames.Count][];
        Parallel.For(0, frames.Count, i => images[i] = ImageCodec.EncodePng(frames[i], shape, i == 0 ? text : null));

        using var to = new MemoryStream();
        to.Write(images[0], 0, SignatureLength);
        var sequence = 0;
        for (int i = 0; i < images.Length; i++)
        {
            var begun = false;
            foreach (var (type, data) in Chunks(images[i]))
            {
                if (type == "IDAT")
                {
                    // Before the first frame's data stands what announces animation and frame; later frames' data has its number
                    // before it.
                    if (i == 0 && !begun) WriteChunk(to, "acTL", [.. Word(images.Length), .. Word(0)]);
                    if (!begun) WriteChunk(to, "fcTL", Control(sequence++, shape, framesPerSecond));
                    begun = true;
                    if (i == 0) WriteChunk(to, type, data);
                    else WriteChunk(to, "fdAT", [.. Word(sequence++), .. data]);
                }
                else if (i == 0 && type != "IEND")
                {
                    WriteChunk(to, type, data);
                }
            }
        }
        WriteChunk(to, "IEND", []);
        return to.ToArray();
    }

    /// <summary>fcTL: the whole canvas, shown for 1/rate second, replacing what was there.</summary>
    private static byte[] Control(int sequence, ImageShape shape, int rate) =>
        [.. Word(sequence), .. Word(shape.Width), .. Word(shape.Height), .. Word(0), .. Word(0), 0, 1, (byte)(rate >> 8),
            (byte)rate, 0, 0];

    private static IEnumerable<(string Type, byte[] Data)> Chunks(byte[] png)
    {
        for (int at = SignatureLength; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            yield return (Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]);
            at += 12 + length;
        }
    }

    private static void WriteChunk(MemoryStream to, string type, byte[] data)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes(type), .. data];
        to.Write(Word(data.Length));
        to.Write(chunk);
        to.Write(Word((int)Crc32.HashToUInt32(chunk)));
    }

    private static byte[] Word(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
