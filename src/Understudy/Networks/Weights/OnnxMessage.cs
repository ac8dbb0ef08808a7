using System.Text;

namespace Understudy.Networks;

/// <summary>
/// A protocol-buffers message being written: fields in order, parts by reference, so that a message of messages copies no data.
/// </summary>
internal sealed class OnnxMessage
{
    private readonly List<ReadOnlyMemory<byte>> _parts = [];

    /// <summary>Bytes.</summary>
    public long Length { get; private set; }

    public OnnxMessage Number(int field, long value)
    {
        Append(Varint((ulong)field << 3));
        return Append(Varint((ulong)value));
    }

    public OnnxMessage Number(int field, float value)
    {
        Append(Varint((ulong)field << 3 | 5));
        return Append(BitConverter.GetBytes(value));
    }

    public OnnxMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public OnnxMessage Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Append(Varint((ulong)field << 3 | 2));
        Append(Varint((ulong)value.Length));
        return Append(value);
    }

    public OnnxMessage Message(int field, OnnxMessage value)
    {
        Append(Varint((ulong)field << 3 | 2));
        Append(Varint((ulong)value.Length));
        foreach (var part in value._parts) Append(part);
        return this;
    }

    public void WriteTo(Stream stream)
    {
        foreach (var part in _parts) stream.Write(part.Span);
    }

    private OnnxMessage Append(ReadOnlyMemory<byte> bytes)
    {
        _parts.Add(bytes);
        Length += bytes.Length;
        return this;
    }

    private static byte[] Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var n = 0;
        for (; value >= 0x80; value >>= 7) bytes[n++] = (byte)(value | 0x80);
        bytes[n++] = (byte)value;
        return bytes[..n].ToArray();
    }
}
