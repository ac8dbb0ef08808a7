using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Understudy.Tests.Networks;

/// <summary>Pickles and PyTorch files made by hand, to be as wrong as a test likes.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> _bytes = [];

    public PickleBuilder() => Op(0x80, 2);

    public byte[] ToArray() => [.. _bytes];

    public PickleBuilder Op(params byte[] codes)
    {
        _bytes.AddRange(codes);
        return this;
    }

    public PickleBuilder Op(string codes) => Op(Encoding.Latin1.GetBytes(codes));

    public PickleBuilder Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Op([(byte)'X', .. BitConverter.GetBytes(utf8.Length), .. utf8]);
    }

    public PickleBuilder Number(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Op([0x8a, 8, .. bytes]);
    }

    public PickleBuilder Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBuilder Storage(string type, string key, long count) =>
        Op("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Number(count).Op("tQ");

    /// <summary>{"w": a tensor of storage "0"}, and the end.</summary>
    public static byte[] OneTensor(long count, long offset, long[] size, long[] stride, string type = "FloatStorage")
    {
        var p = new PickleBuilder().Op("}").Text("w").Global("torch._utils", "_rebuild_tensor_v2").Op("(")
            .Storage(type, "0", count).Number(offset);
        foreach (var numbers in new[] { size, stride })
        {
            p.Op("(");
            foreach (var n in numbers) p.Number(n);
            p.Op("t");
        }
        return p.Op([0x89, (byte)'}']).Op("tRs.").ToArray();
    }

    /// <summary>The zip form.</summary>
    public static byte[] Zip(byte[] pickle, byte[]? storage = null, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("archive/data.pkl", pickle);
            if (storage is not null) Add("archive/data/0", storage);

            void Add(string name, byte[] content)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    /// <summary>The form before 1.6: magic number, version, system, the pickle, the list of storages and their data.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Data)[] storages)
    {
        using var stream = new MemoryStream();
        stream.Write(new PickleBuilder().Op([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]).Op(".")
            .ToArray());
        stream.Write(new PickleBuilder().Op([(byte)'M', 0xe9, 0x03]).Op(".").ToArray());
        stream.Write(new PickleBuilder().Op("}").Text("little_endian").Op(0x88).Op("s.").ToArray());
        stream.Write(pickle);
        var keys = new PickleBuilder().Op("]");
        foreach (var s in storages) keys.Text(s.Key).Op("a");
        stream.Write(keys.Op(".").ToArray());
        foreach (var s in storages)
        {
            stream.Write(BitConverter.GetBytes(s.Count));
            stream.Write(s.Data);
        }
        return stream.ToArray();
    }
}
