using System.Buffers.Binary;
using System.Text.Json;

namespace Understudy.Common;

/// <summary>One named array of a safetensors file, as raw little-endian bytes in row-major order.</summary>
/// <param name="Dtype">The format's own word: F32, F64, F16, BF16, I64, I32, I16, I8, U8, BOOL, …</param>
/// <param name="Shape">Sizes of the dimensions; empty for a scalar.</param>
/// <param name="Data">Exactly shape × bytes-per-element bytes.</param>
public sealed record SafetensorsEntry(string Dtype, long[] Shape, ReadOnlyMemory<byte> Data);

/// <summary>
/// What a safetensors file holds: the strings of its header's <c>__metadata__</c>, and its arrays in file order.
/// </summary>
public sealed record SafetensorsContent(
    IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<KeyValuePair<string, SafetensorsEntry>> Entries)
{
    /// <exception cref="InvalidDataException">No array of this name.</exception>
    public SafetensorsEntry this[string name] => Find(name)
        ?? throw new InvalidDataException($"no array '{name}' in the file; it holds: "
            + $"{string.Join(", ", Entries.Select(e => e.Key).Take(8))}");

    /// <summary>The array of this name, or null.</summary>
    public SafetensorsEntry? Find(string name)
    {
        _byName ??= Entries.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        return _byName.GetValueOrDefault(name);
    }

    private Dictionary<string, SafetensorsEntry>? _byName;
}

/// <summary>
/// The safetensors format (8-byte little-endian header length, JSON header, raw data), without any tensor type. Reading trusts
/// nothing: no size is allocated that the file does not hold, arrays may neither overlap nor leave gaps, and nothing is executed.
/// </summary>
public static class SafetensorsFile
{
    /// <summary>The reference implementation's limit on the JSON header.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    private const string MetadataKey = "__metadata__";

    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["F8_E4M3"] = 1,
        ["F8_E5M2"] = 1,
        ["I16"] = 2,
        ["U16"] = 2,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I32"] = 4,
        ["U32"] = 4,
        ["F32"] = 4,
        ["I64"] = 8,
        ["U64"] = 8,
        ["F64"] = 8,
    };

    /// <summary>
    /// Writes the file atomically. Wider element types come first (stable otherwise), so that every array is aligned; equal
    /// content gives equal bytes.
    /// </summary>
    /// <exception cref="ArgumentException">A name given twice, an unknown dtype, or data of another size than dtype ×
    /// shape.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, string> metadata,
        IEnumerable<(string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Data)> entries)
    {
        var ordered = entries.Select(Checked).OrderByDescending(e => Sizes[e.Dtype]).ToList();
        var header = Header(metadata, ordered);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var e in ordered) stream.Write(e.Data.Span);
        });
    }

    /// <exception cref="InvalidDataException">Not a safetensors file, truncated, or inconsistent; the message says
    /// where.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static SafetensorsContent Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Only the header's strings: cheap, whatever the size of the file.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Read(string)"/>.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using var file = File.OpenRead(path);
        return ReadHeader(file, path).Metadata;
    }

    /// <summary>Names, types and shapes of the arrays, in file order, from the header alone.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Read(string)"/>.</exception>
    public static IReadOnlyList<(string Name, string Dtype, long[] Shape)> ReadShapes(string path)
    {
        using var file = File.OpenRead(path);
        return [.. ReadHeader(file, path).Entries.Select(e => (e.Name, e.Dtype, e.Shape))];
    }

    internal static SafetensorsContent Read(Stream stream, string source)
    {
        var (metadata, declared) = ReadHeader(stream, source);
        var entries = new List<KeyValuePair<string, SafetensorsEntry>>(declared.Count);
        foreach (var d in declared)
        {
            var data = new byte[d.End - d.Begin];
            stream.ReadExactly(data);
            entries.Add(new(d.Name, new(d.Dtype, d.Shape, data)));
        }
        return new(metadata, entries);
    }

    private sealed record Declared(string Name, string Dtype, long[] Shape, long Begin, long End);

    private static (IReadOnlyDictionary<string, string> Metadata, List<Declared> Entries) ReadHeader(Stream stream, string source)
    {
        var total = stream.Length;
        Span<byte> prefix = stackalloc byte[8];
        if (total < 8) throw new InvalidDataException($"{source}: {total} bytes are no safetensors file");
        stream.ReadExactly(prefix);
        if (prefix.StartsWith("PK"u8)) throw new InvalidDataException($"{source}: is a zip, no .safetensors file");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes || length > (ulong)(total - 8))
            throw new InvalidDataException($"{source}: the header claims {length} bytes, the file has {total}; it is truncated "
                + "or no safetensors file");
        var header = new byte[length];
        stream.ReadExactly(header);
        try
        {
            using var json = JsonDocument.Parse(header,
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return Parse(json.RootElement, total - 8 - (long)length, source);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{source}: the header is no valid safetensors JSON: {e.Message}", e);
        }
    }

    private static (IReadOnlyDictionary<string, string>, List<Declared>) Parse(JsonElement root, long dataBytes, string source)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<Declared>();
        foreach (var p in root.EnumerateObject())
        {
            if (p.NameEquals(MetadataKey))
            {
                foreach (var m in p.Value.EnumerateObject())
                    metadata.Add(m.Name,
                        m.Value.GetString() ?? throw new InvalidDataException($"{source}: metadata '{m.Name}' is null"));
            }
            else
            {
                entries.Add(ParseEntry(p, source));
            }
        }
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long at = 0;
        foreach (var e in entries)
        {
            if (e.Begin != at || e.End < e.Begin || e.End > dataBytes)
                throw new InvalidDataException($"{source}: '{e.Name}' claims bytes {e.Begin} to {e.End} of {dataBytes}, expected "
                    + $"from {at} on: overlapping, with a gap, or truncated");
            if (e.End - e.Begin > Array.MaxLength)
                throw new InvalidDataException(
                    $"{source}: '{e.Name}' has {e.End - e.Begin} bytes; arrays above 2 GB are not read");
            if (e.End - e.Begin != ByteCount(e.Dtype, e.Shape))
                throw new InvalidDataException($"{source}: '{e.Name}' is {e.Dtype} [{string.Join(", ", e.Shape)}], which "
                    + $"{e.End - e.Begin} bytes do not hold");
            at = e.End;
        }
        return at == dataBytes ? (metadata, entries)
            : throw new InvalidDataException($"{source}: {dataBytes - at} bytes after the last array belong to none");
    }

    private static Declared ParseEntry(JsonProperty p, string source)
    {
        string? dtype = null;
        long[]? shape = null, offsets = null;
        foreach (var f in p.Value.EnumerateObject())
        {
            if (f.NameEquals("dtype")) dtype = f.Value.GetString();
            else if (f.NameEquals("shape")) shape = [.. f.Value.EnumerateArray().Select(v => v.GetInt64())];
            else if (f.NameEquals("data_offsets")) offsets = [.. f.Value.EnumerateArray().Select(v => v.GetInt64())];
            else throw new InvalidDataException($"{source}: '{p.Name}' has an unknown key '{f.Name}'");
        }
        if (dtype is null || shape is null || offsets is not { Length: 2 })
            throw new InvalidDataException($"{source}: '{p.Name}' needs dtype, shape and two data_offsets");
        if (!Sizes.ContainsKey(dtype))
            throw new InvalidDataException($"{source}: '{p.Name}' has the unknown dtype '{dtype}'; known: "
                + $"{string.Join(", ", Sizes.Keys)}");
        return new(p.Name, dtype, shape, offsets[0], offsets[1]);
    }

    /// <summary>Bytes of an array, or −1 where a dimension is negative or the product overflows.</summary>
    private static long ByteCount(string dtype, long[] shape)
    {
        long n = Sizes[dtype];
        foreach (var d in shape)
        {
            if (d < 0) return -1;
            var high = Math.BigMul(n, d, out n);
            if (high != 0 || n < 0) return -1;
        }
        return n;
    }

    private static (string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Data) Checked(
        (string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Data) e)
    {
        if (!Sizes.ContainsKey(e.Dtype)) throw new ArgumentException($"'{e.Name}': unknown dtype '{e.Dtype}'");
        return ByteCount(e.Dtype, e.Shape) == e.Data.Length ? e
            : throw new ArgumentException($"'{e.Name}': {e.Data.Length} bytes are not {e.Dtype} [{string.Join(", ", e.Shape)}]");
    }

    private static byte[] Header(IReadOnlyDictionary<string, string> metadata,
        List<(string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Data)> entries)
    {
        using var buffer = new MemoryStream();
        using (var w = new Utf8JsonWriter(buffer))
        {
            w.WriteStartObject();
            if (metadata.Count > 0)
            {
                w.WriteStartObject(MetadataKey);
                foreach (var (k, v) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) w.WriteString(k, v);
                w.WriteEndObject();
            }
            var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey };
            long at = 0;
            foreach (var (name, dtype, shape, data) in entries)
            {
                if (!names.Add(name)) throw new ArgumentException($"array name '{name}' is given twice or reserved");
                w.WriteStartObject(name);
                w.WriteString("dtype", dtype);
                w.WriteStartArray("shape");
                foreach (var d in shape) w.WriteNumberValue(d);
                w.WriteEndArray();
                w.WriteStartArray("data_offsets");
                w.WriteNumberValue(at);
                w.WriteNumberValue(at += data.Length);
                w.WriteEndArray();
                w.WriteEndObject();
            }
            w.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        if (buffer.Length > MaxHeaderBytes)
            throw new ArgumentException($"the header has {buffer.Length} bytes; the format allows {MaxHeaderBytes}");
        return buffer.ToArray();
    }
}
