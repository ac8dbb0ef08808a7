namespace Understudy.Data;

/// <summary>
/// Walks a structure in Thrift's compact protocol without building it, so that depth, lengths and counts are known to be sound
/// before a reader asks for memory by them. Whole numbers are told by their path: field 1 of field 5 is 501.
/// </summary>
internal ref struct ThriftScan(ReadOnlySpan<byte> bytes, Action<int, long>? number = null)
{
    /// <summary>Deeper and larger than any real footer.</summary>
    private const int MaxDepth = 16, MaxStructs = 1_000_000;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly Action<int, long>? _number = number;
    private int _structs;

    /// <summary>Bytes walked so far.</summary>
    public int Position { get; private set; }

    /// <exception cref="InvalidDataException">The structure is cut off, too deep or too large, or claims more than there
    /// is.</exception>
    public void Struct(int path = 0, int depth = 0)
    {
        if (++_structs > MaxStructs) throw new InvalidDataException("its description is too large");
        for (int id = 0; ;)
        {
            var head = Byte();
            if (head == 0) return;
            id = head >> 4 == 0 ? (int)ZigZag() : id + (head >> 4);
            Value(head & 15, depth, path * 100 + id, inList: false);
        }
    }

    private void Value(int type, int depth, int path, bool inList)
    {
        if (depth > MaxDepth) throw new InvalidDataException("its description is nested too deep");
        switch (type)
        {
            case 1 or 2: if (inList) Skip(1); break;
            case 3: Skip(1); break;
            case 4 or 5 or 6: Number(path); break;
            case 7: Skip(8); break;
            case 8: Skip(Length()); break;
            case 9 or 10: List(depth, path); break;
            case 11: Map(depth, path); break;
            case 12: Struct(path, depth + 1); break;
            case 13: Skip(16); break;
            default: throw new InvalidDataException($"its description holds a value of unknown type {type}");
        }
    }

    private void Number(int path)
    {
        var value = ZigZag();
        _number?.Invoke(path, value);
    }

    private void List(int depth, int path)
    {
        var head = Byte();
        var count = head >> 4 == 15 ? Length() : head >> 4;
        for (int i = 0; i < count; i++) Value(head & 15, depth + 1, path, inList: true);
    }

    private void Map(int depth, int path)
    {
        var count = Length();
        if (count == 0) return;
        var types = Byte();
        for (int i = 0; i < count; i++)
        {
            Value(types >> 4, depth + 1, path, inList: true);
            Value(types & 15, depth + 1, path, inList: true);
        }
    }

    /// <summary>A length or count: everything counted takes a byte at least.</summary>
    private int Length()
    {
        var length = Varint();
        return length <= (ulong)(_bytes.Length - Position)
            ? (int)length : throw new InvalidDataException("its description claims more than there is");
    }

    private long ZigZag()
    {
        var v = Varint();
        return (long)(v >> 1) ^ -(long)(v & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 127) << shift;
            if (b < 128) return value;
        }
        throw new InvalidDataException("its description holds a number without end");
    }

    private byte Byte() =>
        Position < _bytes.Length ? _bytes[Position++] : throw new InvalidDataException("its description is cut off");

    private void Skip(int count)
    {
        if (count > _bytes.Length - Position) throw new InvalidDataException("its description is cut off");
        Position += count;
    }
}
