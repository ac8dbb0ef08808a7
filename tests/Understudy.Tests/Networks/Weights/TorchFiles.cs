using System.Runtime.CompilerServices;
using Understudy.Common;
using Understudy.Networks;

namespace Understudy.Tests.Networks;

/// <summary>The files that Oracles/torch_files.py made, and reading from memory.</summary>
internal static class TorchFiles
{
    public static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Files");

    public static string PathOf(string name) => Path.Combine(Folder(), name + ".pth");

    public static Dictionary<string, SafetensorsEntry> Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return new(TorchFile.Read(stream, "x.pth"), StringComparer.Ordinal);
    }

    /// <summary>A .pth of a network's parameters and running statistics, all of them views of one storage.</summary>
    public static byte[] SharedStorage(TorchSharp.torch.nn.Module net)
    {
        var entries = Weights.Entries(net).Where(e => e.Dtype == "F32").ToList();
        var total = entries.Sum(e => e.Data.Length / 4);
        var p = new PickleBuilder().Op("}");
        var (offset, data) = (0L, new List<byte>());
        foreach (var (name, _, shape, bytes) in entries)
        {
            p.Text(name).Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage("FloatStorage", "0", total).Number(offset)
                .Op("(");
            foreach (var n in shape) p.Number(n);
            p.Op("t(");
            for (int d = 0; d < shape.Length; d++) p.Number(shape[(d + 1)..].Aggregate(1L, (a, b) => a * b));
            p.Op("t").Op([0x89, (byte)'}']).Op("tRs");
            offset += bytes.Length / 4;
            data.AddRange(bytes.Span);
        }
        return PickleBuilder.Zip(p.Op(".").ToArray(), [.. data]);
    }

    public static double[] Values(SafetensorsEntry entry)
    {
        var data = entry.Data.ToArray();
        return entry.Dtype switch
        {
            "F32" => Each(4, i => BitConverter.ToSingle(data, i)),
            "F64" => Each(8, i => BitConverter.ToDouble(data, i)),
            "F16" => Each(2, i => (double)BitConverter.ToHalf(data, i)),
            "BF16" => Each(2, i => BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(data, i) << 16)),
            "I64" => Each(8, i => BitConverter.ToInt64(data, i)),
            "I32" => Each(4, i => BitConverter.ToInt32(data, i)),
            "I16" => Each(2, i => BitConverter.ToInt16(data, i)),
            "I8" => Each(1, i => (sbyte)data[i]),
            _ => Each(1, i => data[i]),
        };
        double[] Each(int width, Func<int, double> at) =>
            [.. Enumerable.Range(0, data.Length / width).Select(i => at(i * width))];
    }
}
