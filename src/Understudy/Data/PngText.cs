using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Understudy.Data;

/// <summary>
/// Text chunks of PNG files (W3C PNG, third edition, 11.3.3): tEXt for Latin-1, iTXt (UTF-8, uncompressed) for the rest.
/// </summary>
public static class PngText
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Whether a file begins as a PNG and ends before its last chunk.</summary>
    internal static bool IsCut(ReadOnlySpan<byte> file) => IsPng(file) && !HasChunk(file, "IEND"u8);

    internal static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Whether a PNG has a chunk of this type; false where it is no PNG.</summary>
    internal static bool HasChunk(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        if (!IsPng(file)) return false;
        for (long at = Signature.Length; at + 12 <= file.Length; at += 12 + BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]))
        {
            if (file.Slice((int)at + 4, 4).SequenceEqual(type)) return true;
        }
        return false;
    }

    /// <summary>The texts of a PNG file, in file order; compressed ones are passed over.</summary>
    /// <exception cref="InvalidDataException">Not a PNG, or its chunks are cut off.</exception>
    public static IReadOnlyList<(string Key, string Text)> Read(ReadOnlySpan<byte> png)
    {
        if (!png.StartsWith(Signature)) throw new InvalidDataException("is no PNG file");
        var texts = new List<(string, string)>();
        for (int at = Signature.Length; at < png.Length;)
        {
            var length = png.Length - at >= 12 ? BinaryPrimitives.ReadUInt32BigEndian(png[at..]) : uint.MaxValue;
            if (length > png.Length - at - 12) throw new InvalidDataException($"the PNG's chunk at byte {at} is cut off");
            var data = png.Slice(at + 8, (int)length);
            switch (Encoding.ASCII.GetString(png.Slice(at + 4, 4)))
            {
                case "tEXt" when data.IndexOf((byte)0) is > 0 and var end:
                    texts.Add((Encoding.Latin1.GetString(data[..end]), Encoding.Latin1.GetString(data[(end + 1)..])));
                    break;
                case "iTXt" when International(data) is { } text:
                    texts.Add(text);
                    break;
                case "IEND":
                    return texts;
            }
            at += 12 + (int)length;
        }
        throw new InvalidDataException("the PNG ends without its last chunk");
    }

    /// <summary>The same PNG with texts right after its header.</summary>
    /// <exception cref="ArgumentException">A keyword that is empty, longer than 79 characters, or not printable
    /// Latin-1.</exception>
    internal static byte[] Insert(byte[] png, IEnumerable<(string Key, string Text)> texts)
    {
        const int afterHeader = 8 + 12 + 13;
        using var to = new MemoryStream(png.Length + 256);
        to.Write(png, 0, afterHeader);
        foreach (var (key, text) in texts) WriteChunk(to, key, text);
        to.Write(png, afterHeader, png.Length - afterHeader);
        return to.ToArray();
    }

    private static void WriteChunk(MemoryStream to, string key, string text)
    {
        if (key.Length is 0 or > 79 || key.Any(c => c is < ' ' or (> '~' and < '\u00A1') or > '\u00FF'))
            throw new ArgumentException($"'{key}' is no PNG keyword: 1 to 79 printable Latin-1 characters");
        var latin = text.All(c => c is '\n' or (>= ' ' and <= '~') or (>= '\u00A0' and <= '\u00FF'));
        byte[] body = latin
            ? [.. Encoding.Latin1.GetBytes(key), 0, .. Encoding.Latin1.GetBytes(text)]
            // no compression, language or translated keyword
            : [.. Encoding.Latin1.GetBytes(key), 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)];
        byte[] chunk = [.. Encoding.ASCII.GetBytes(latin ? "tEXt" : "iTXt"), .. body];
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, body.Length);
        to.Write(word);
        to.Write(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.HashToUInt32(chunk));
        to.Write(word);
    }

    private static (string, string)? International(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)0);
        if (end < 1 || data.Length < end + 3 || data[end + 1] != 0) return null;
        var rest = data[(end + 3)..];
        var key = Encoding.Latin1.GetString(data[..end]);
        for (int skip = 0; skip < 2; skip++)   // language tag, translated keyword
        {
            var zero = rest.IndexOf((byte)0);
            if (zero < 0) return null;
            rest = rest[(zero + 1)..];
        }
        return (key, Encoding.UTF8.GetString(rest));
    }
}
