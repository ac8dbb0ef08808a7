using System.IO.Compression;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

/// <summary>Small labelled sets in the forms that users bring, made in code.</summary>
internal static class Faces
{
    /// <summary>A PNG of pixels that depend on <paramref name="seed"/>.</summary>
    public static byte[] Png(ulong seed, int size = 6, int channels = 1, int? width = null)
    {
        var shape = new ImageShape(channels, size, width ?? size);
        var r = new KeyedRandom(seed);
        return ImageCodec.EncodePng([.. Enumerable.Range(0, shape.Size).Select(_ => (byte)r.Next(256))], shape);
    }

    /// <summary>Two parts, two classes, five images.</summary>
    public static Dictionary<string, byte[]> Parts => new()
    {
        ["train/happy/Training_1.png"] = Png(1),
        ["train/happy/Training_2.png"] = Png(2),
        ["train/sad/Training_3.png"] = Png(3),
        ["test/happy/PublicTest_1.png"] = Png(4),
        ["test/sad/PublicTest_2.png"] = Png(5),
    };

    public static void WriteFolder(string path, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        foreach (var (name, bytes) in files)
        {
            var file = Path.Combine(path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, bytes);
        }
    }

    public static void WriteZip(string path, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, bytes) in files)
        {
            using var s = zip.CreateEntry(name).Open();
            s.Write(bytes);
        }
    }

    public static ImageSet Read(string path, ImageReading? options = null) =>
        ImageSources.Read(path, options ?? ImageReading.AsIs, ProgressSink.None);

    /// <summary>
    /// The message of the <see cref="InvalidDataException"/> that reading a zip of these files throws, its path taken off.
    /// </summary>
    public static string Refusal(IEnumerable<KeyValuePair<string, byte[]>> files, ImageReading? options = null)
    {
        using var folder = new TempFolder();
        WriteZip(folder["set.zip"], files);
        var message = Assert.Throws<InvalidDataException>(() => Read(folder["set.zip"], options)).Message;
        Assert.StartsWith(folder["set.zip"] + ": ", message, StringComparison.Ordinal);
        return message[(folder["set.zip"].Length + 2)..];
    }
}
