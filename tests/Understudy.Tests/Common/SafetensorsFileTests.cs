using System.Buffers.Binary;
using System.Text;
using Understudy.Common;

namespace Understudy.Tests.Common;

public sealed class SafetensorsFileTests
{
    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "test/1", ["text"] = "ψ \"quoted\"\n" };

    private static byte[] Sample()
    {
        using var folder = new TempFolder();
        SafetensorsFile.Write(folder["a.safetensors"], Metadata,
        [
            ("bytes", "U8", [3], new byte[] { 1, 2, 3 }), ("numbers", "F32", [2, 2], new byte[16]),
            ("scalar", "I64", [], new byte[8]), ("none", "F32", [0, 5], Array.Empty<byte>()),
        ]);
        return File.ReadAllBytes(folder["a.safetensors"]);
    }

    private static SafetensorsContent Read(byte[] file) => SafetensorsFile.Read(new MemoryStream(file), "a.safetensors");

    private static byte[] File_(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        return file;
    }

    [Fact]
    public void Read_WhatWasWritten_GivesMetadataShapesAndBytes()
    {
        var content = Read(Sample());

        Assert.Equal(Metadata, content.Metadata);
        Assert.Equal(["scalar", "numbers", "none", "bytes"], content.Entries.Select(e => e.Key));
        Assert.Equal([1, 2, 3], content["bytes"].Data.ToArray());
        Assert.Equal([2, 2], content["numbers"].Shape);
        Assert.Empty(content["scalar"].Shape);
        Assert.Null(content.Find("other"));
        Assert.Contains("no array 'other'", Assert.Throws<InvalidDataException>(() => content["other"]).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EqualContent_GivesEqualBytesAndAlignedData()
    {
        Assert.Equal(Sample(), Sample());
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(Sample()) % 8);
    }

    [Fact]
    public void Read_FileOfAnotherWriter_WithPaddingAndAnyOrder_IsUnderstood()
    {
        var file = File_(
            """{"b":{"shape":[1],"data_offsets":[2,4],"dtype":"F16"},"a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]},"__metadata__":{"case":"{}"}}   """, 4);

        Assert.Equal(["a", "b"], Read(file).Entries.Select(e => e.Key));
        Assert.Equal("{}", Read(file).Metadata["case"]);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 3, "truncated")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 5, "belong to none")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""",
        3, "overlapping")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "do not hold")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "do not hold")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "do not hold")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}""", 4, "claims bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,9223372036854775807]}}""", 4, "claims bytes")]
    [InlineData("""{"a":{"dtype":"X9","shape":[4],"data_offsets":[0,4]}}""", 4, "unknown dtype 'X9'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,4]}}""", 4, "no valid safetensors JSON")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,4]}}""", 4, "needs dtype, shape")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"code":"x"}}""", 4, "unknown key 'code'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        4, "no valid safetensors JSON")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "no valid safetensors JSON")]
    [InlineData("[]", 0, "no valid safetensors JSON")]
    [InlineData("{", 0, "no valid safetensors JSON")]
    public void Read_InconsistentHeader_NamesWhatIsWrong(string header, int dataBytes, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read(File_(header, dataBytes))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Read_HugeDeclaredSizes_AreRefusedWithoutAllocating()
    {
        var data = File_("""{"a":{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]}}""", 4);
        var header = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(header, 90_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => Read(data));
        Assert.Throws<InvalidDataException>(() => Read(header));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Read_FlippedAndCutFiles_ThrowNothingButInvalidData()
    {
        var whole = Sample();
        var r = new KeyedRandom(1, "fuzz");
        var refused = 0;
        for (int trial = 0; trial < 4000; trial++)
        {
            byte[] file = [.. whole];
            for (int k = r.Next(4); k >= 0; k--) file[r.Next(trial % 2 == 0 ? 300 : 24)] = (byte)r.Next(256);
            if (trial % 3 == 0) file = file[..r.Next(file.Length)];
            try { Read(file); }
            catch (InvalidDataException) { refused++; }
        }
        Assert.InRange(refused, 2000, 4000);
    }

    [Fact]
    public void Write_DataOfAnotherSize_IsTheCallersMistake()
    {
        using var folder = new TempFolder();

        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(folder["x"], Metadata, [("a", "F32", [2], new byte[4])]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(folder["x"], Metadata, [("a", "F99", [1], new byte[4])]));
        Assert.Throws<ArgumentException>(() =>
            SafetensorsFile.Write(folder["x"], Metadata, [("a", "U8", [1], new byte[1]), ("a", "U8", [1], new byte[1])]));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Read_Zip_IsCalledThat()
    {
        using var folder = new TempFolder();
        var path = folder["set.zip"];
        File.WriteAllBytes(path, [(byte)'P', (byte)'K', 3, 4, 20, 0, 0, 0, 8, 0]);
        var e = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path));
        Assert.Equal($"{path}: is a zip, no .safetensors file", e.Message);
    }
}
