using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Understudy.Tests.Data;

/// <summary>
/// Parquet files for tests: those that Arrow wrote (<c>Oracles/parquet.cs</c>), and such as it would not write, made here.
/// </summary>
internal static class ParquetFiles
{
    private static readonly JsonElement Oracle = Load();

    /// <summary>Twelve images of 4×3, of the moods sad, happy, angry in turn.</summary>
    public static byte[] OfArrow(string name) => Oracle.GetProperty(name).GetBytesFromBase64();

    /// <summary>The same images as files of a folder.</summary>
    public static Dictionary<string, byte[]> AsFolder =>
        Enumerable.Range(0, 12).ToDictionary(i => $"{((string[])["sad", "happy", "angry"])[i % 3]}/face_{i:00}.png", Png);

    public static byte[] Png(int row) =>
        Understudy.Data.ImageCodec.EncodePng([.. Enumerable.Range(1, 12).Select(v => (byte)(20 * row + v))], new(1, 3, 4));

    /// <summary>Columns <c>image</c> (bytes) and one of labels.</summary>
    public static byte[] Write(byte[]?[] images, DataField label, Func<ParquetRowGroupWriter, Task> labels,
        IReadOnlyDictionary<string, string>? notes = null, string image = "image")
    {
        var pictures = new DataField(image, typeof(byte[]), isNullable: true);
        using var to = new MemoryStream();
        Task.Run(async () =>
        {
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(pictures, label), to);
            if (notes is not null) writer.CustomMetadata = new Dictionary<string, string>(notes);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(pictures, images!);
            await labels(group);
        }).GetAwaiter().GetResult();
        return to.ToArray();
    }

    private static JsonElement Load()
    {
        using var stream = typeof(ParquetFiles).Assembly.GetManifestResourceStream("oracles/parquet.json")!;
        using var json = JsonDocument.Parse(stream);
        return json.RootElement.Clone();
    }
}
