// Makes parquet.json: small Parquet files written by Apache Arrow's C++ writer (through ParquetSharp), as the datasets library
// lays them out. Not part of the tests' build. Run outside the repository's own build settings: copy it elsewhere, then `dotnet
// run parquet.cs` (less the lines of warnings before the first brace).
#:package ParquetSharp@25.0.1.2
#:property PublishAot=false
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using ParquetSharp;
using ParquetSharp.IO;
using ParquetSharp.Schema;

var note = new Dictionary<string, string>
{
    ["huggingface"] =
        """{"info": {"features": {"picture": {"_type": "Image"}, "mood": {"names": ["sad", "happy", "angry"], "_type": "ClassLabel"}, "label": {"dtype": "int64", "_type": "Value"}}}}""",
};
var files = new Dictionary<string, byte[]>
{
    ["struct.parquet"] = Struct(Compression.Snappy, note),
    ["struct-gzip.parquet"] = Struct(Compression.Gzip, note),
    ["struct-zstd.parquet"] = Struct(Compression.Zstd, note),
    ["binary.parquet"] = Binary(),
};
Console.WriteLine(
    JsonSerializer.Serialize(files.ToDictionary(f => f.Key, f => Convert.ToBase64String(f.Value)),
        new JsonSerializerOptions { WriteIndented = true }));

// Twelve rows in row groups of five: picture {bytes, path}, mood (a number that the note names), label (a decoy).
static byte[] Struct(Compression compression, Dictionary<string, string> note)
{
    Node picture = new GroupNode("picture", Repetition.Optional,
    [
        new PrimitiveNode("bytes", Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray),
        new PrimitiveNode("path", Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray),
    ]);
    var schema = new GroupNode("schema", Repetition.Required,
    [
        picture,
        new PrimitiveNode("mood", Repetition.Optional, LogicalType.Int(64, true), PhysicalType.Int64),
        new PrimitiveNode("label", Repetition.Optional, LogicalType.Int(64, true), PhysicalType.Int64),
    ]);
    using var properties = new WriterPropertiesBuilder().Compression(compression).Build();
    using var to = new MemoryStream();
    using (var stream = new ManagedOutputStream(to, leaveOpen: true))
    using (var writer = new ParquetFileWriter(stream, schema, properties, note))
    {
        for (int start = 0; start < 12; start += 5)
        {
            int[] rows = [.. Enumerable.Range(start, Math.Min(5, 12 - start))];
            using var group = writer.AppendRowGroup();
            using (var c = group.NextColumn().LogicalWriter<Nested<byte[]>?>())
                c.WriteBatch([.. rows.Select(i => (Nested<byte[]>?)new Nested<byte[]>(Png(i)))]);
            using (var c = group.NextColumn().LogicalWriter<Nested<string>?>())
                c.WriteBatch([.. rows.Select(i => (Nested<string>?)new Nested<string>($"face_{i:00}.png"))]);
            using (var c = group.NextColumn().LogicalWriter<long?>()) c.WriteBatch([.. rows.Select(i => (long?)(i % 3))]);
            using (var c = group.NextColumn().LogicalWriter<long?>()) c.WriteBatch([.. rows.Select(_ => (long?)7)]);
        }
        writer.Close();
    }
    return to.ToArray();
}

// The same pictures as plain bytes, with labels in words and no note.
static byte[] Binary()
{
    string[] moods = ["sad", "happy", "angry"];
    using var to = new MemoryStream();
    using (var stream = new ManagedOutputStream(to, leaveOpen: true))
    using (var writer =
        new ParquetFileWriter(stream, [new Column<byte[]>("image"), new Column<string>("label")], Compression.Uncompressed))
    {
        using var group = writer.AppendRowGroup();
        using (var c = group.NextColumn().LogicalWriter<byte[]>()) c.WriteBatch([.. Enumerable.Range(0, 12).Select(Png)]);
        using (var c = group.NextColumn().LogicalWriter<string>())
            c.WriteBatch([.. Enumerable.Range(0, 12).Select(i => moods[i % 3])]);
        writer.Close();
    }
    return to.ToArray();
}

// A grey PNG of 4×3 pixels: 20·row + 1, + 2, …
static byte[] Png(int row)
{
    using var rows = new MemoryStream();
    using (var z = new ZLibStream(rows, CompressionLevel.Optimal, leaveOpen: true))
    {
        for (int y = 0; y < 3; y++) z.Write([0, .. Enumerable.Range(1 + 4 * y, 4).Select(v => (byte)(20 * row + v))]);
    }
    return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, [0, 0, 0, 4, 0, 0, 0, 3, 8, 0, 0, 0, 0]),
        .. Chunk("IDAT"u8, rows.ToArray()), .. Chunk("IEND"u8, [])];
}

static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
{
    byte[] body = [.. type, .. data];
    var length = new byte[4];
    var sum = new byte[4];
    BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
    BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32(body));
    return [.. length, .. body, .. sum];
}

static uint Crc32(byte[] data)
{
    var crc = uint.MaxValue;
    foreach (var b in data)
    {
        crc ^= b;
        for (int k = 0; k < 8; k++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
    }
    return ~crc;
}
