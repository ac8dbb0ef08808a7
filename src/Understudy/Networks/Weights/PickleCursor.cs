using System.Buffers.Binary;
using System.Text;

namespace Understudy.Networks;

/// <summary>Reads bytes in order and never past their end.</summary>
/// <param name="source">The file, for messages.</param>
internal sealed class PickleCursor(ReadOnlyMemory<byte> bytes, string source)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public int Position { get; private set; }

    public string Source => source;

    public ReadOnlyMemory<byte> Take(long count)
    {
        if (count < 0 || count > bytes.Length - Position)
            throw Error($"{count} bytes are declared where {bytes.Length - Position} are left; the file is truncated or damaged");
        var taken = bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public byte Byte() => Take(1).Span[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span);

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span);

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8).Span);

    public double DoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Take(8).Span);

    public string Text(long count)
    {
        try
        {
            return s_strict.GetString(Take(count).Span);
        }
        catch (DecoderFallbackException)
        {
            throw Error("a string is no UTF-8");
        }
    }

    /// <summary>Up to the next line feed, which is left out.</summary>
    public string Line()
    {
        var length = bytes.Span[Position..].IndexOf((byte)'\n');
        if (length < 0) throw Error("a name does not end; the file is truncated or damaged");
        var line = Text(length);
        Take(1);
        return line;
    }

    public InvalidDataException Error(string what) => new($"{source}: at byte {Position}: {what}");
}
