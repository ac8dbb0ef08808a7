using System.Text;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data.Sources;

/// <summary>Files changed at random by seed: each is read, or refused in words that name it; nothing else is written.</summary>
public sealed class BadInputFuzzTests
{
    [Fact]
    public void Read_ChangedZip_IsReadOrRefused()
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"], Faces.Parts);
        Fuzz(File.ReadAllBytes(folder["a.zip"]), "b.zip", 300);
    }

    [Theory]
    [InlineData("struct.parquet", 400)]
    [InlineData("struct-gzip.parquet", 100)]
    [InlineData("struct-zstd.parquet", 100)]
    [InlineData("binary.parquet", 200)]
    public void Read_ChangedParquet_IsReadOrRefused(string name, int trials) =>
        Fuzz(ParquetFiles.OfArrow(name), "b.parquet", trials);

    [Fact]
    public void Read_ChangedCsv_IsReadOrRefused() => Fuzz(Encoding.UTF8.GetBytes(
        "emotion,pixels,Usage\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"{i % 7},1 2 3 {i},\"Training\"\n"))),
            "b.csv", 300);

    [Fact]
    public void Read_ChangedSafetensors_IsReadOrRefused()
    {
        using var folder = new TempFolder();
        Faces.WriteZip(folder["a.zip"], Faces.Parts);
        ImageSetFile.Save(folder["a.safetensors"], Faces.Read(folder["a.zip"]));
        Fuzz(File.ReadAllBytes(folder["a.safetensors"]), "b.safetensors", 300);
    }

    [Theory]
    [InlineData("grey.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("exif6.jpg")]
    [InlineData("alpha.png")]
    [InlineData("palette.png")]
    [InlineData("rgb16.png")]
    [InlineData("animated.png")]
    [InlineData("animated.gif")]
    [InlineData("animated.webp")]
    public void Read_ChangedImage_IsReadOrRefused(string name) =>
        Fuzz(PilOracle.Root.GetProperty("decode").GetProperty(name).Bytes("file"), "set/happy/" + name, 120);

    private static void Fuzz(byte[] whole, string name, int trials)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        var r = new KeyedRandom(11, name);
        var path = folder[name.Split('/')[0]];
        var refused = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            File.WriteAllBytes(folder[name], Changed(whole, r));
            try
            {
                Faces.Read(path, new(SkipBad: trial % 3 == 0));
            }
            catch (Exception e) when (e is InvalidDataException or OptionException or IOException)
            {
                Assert.Contains(Path.GetFileName(path), e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }
        Assert.InRange(refused, 1, trials);
        Assert.Equal([name.Split('/')[0]], Directory.EnumerateFileSystemEntries(folder.Path).Select(p => Path.GetFileName(p)!));
    }

    /// <summary>
    /// Cut short, or some bytes set, or a run of them copied elsewhere; in the ends more than in the middle, where formats keep
    /// what they claim.
    /// </summary>
    private static byte[] Changed(byte[] whole, KeyedRandom r)
    {
        if (r.Next(6) == 0) return whole[..r.Next(whole.Length)];
        byte[] file = [.. whole];
        for (int k = r.Next(4); k >= 0; k--)
        {
            var at = r.Next(3) switch
            {
                0 => r.Next(file.Length),
                1 => r.Next(Math.Min(200, file.Length)),
                _ => file.Length - 1 - r.Next(Math.Min(600, file.Length))
            };
            if (r.Next(5) > 0) file[at] = r.Next(3) == 0 ? (byte)0xFF : (byte)r.Next(256);
            else
            {
                var length = Math.Min(1 + r.Next(15), file.Length - at);
                file.AsSpan(r.Next(file.Length - length + 1), length).CopyTo(file.AsSpan(at));
            }
        }
        return file;
    }
}
