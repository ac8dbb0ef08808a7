using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class AnimatedPngTests
{
    private static readonly ImageShape Shape = new(1, 5, 7);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Encode_Frames_EveryOneIsThereWhole(int channels)
    {
        var shape = Shape with { Channels = channels };
        var frames = Frames(shape, 4);

        var file = AnimatedPng.Encode(frames, shape, 25, [("Synthetic", "drawn")]);

        // What knows no animation shows the first frame, and reads what the file says about itself.
        Assert.Equal(frames[0], ImageCodec.Decode(file, "x").Pixels);
        Assert.Contains(("Synthetic", "drawn"), PngText.Read(file));
        var chunks = Chunks(file);
        Assert.Equal((4, 0),
            (Word(chunks.Single(c => c.Type == "acTL").Data, 0), Word(chunks.Single(c => c.Type == "acTL").Data, 4)));
        // A frame taken out of the file and given a PNG's own chunks is that frame.
        var header = chunks.TakeWhile(c => c.Type != "acTL").ToList();
        var control = chunks.Select((c, i) => (c, i)).Where(x => x.c.Type == "fcTL").Select(x => x.i).ToList();
        Assert.Equal(4, control.Count);
        for (int f = 0; f < 4; f++)
        {
            var data = chunks.Skip(control[f] + 1).TakeWhile(c => c.Type is "IDAT" or "fdAT")
                .Select(c => ("IDAT", c.Type == "IDAT" ? c.Data : c.Data[4..]));
            Assert.Equal(frames[f], ImageCodec.Decode(Png([.. header, .. data, ("IEND", [])]), $"frame {f}").Pixels);
            var fc = chunks[control[f]].Data;
            Assert.Equal((7, 5, 0, 0), (Word(fc, 4), Word(fc, 8), Word(fc, 12), Word(fc, 16)));
            Assert.Equal((1, 25),
                (BinaryPrimitives.ReadInt16BigEndian(fc.AsSpan(20)), BinaryPrimitives.ReadInt16BigEndian(fc.AsSpan(22))));
        }
        // One running number over all animation chunks (11.3.6.1 of the third edition).
        Assert.Equal(Enumerable.Range(0, 4 + 3), chunks.Where(c => c.Type is "fcTL" or "fdAT").Select(c => Word(c.Data, 0)));
    }

    [Fact]
    public void Encode_OneFrame_IsAPicture() =>
        Assert.Equal(Frames(Shape, 1)[0], ImageCodec.Decode(AnimatedPng.Encode(Frames(Shape, 1), Shape, 10), "x").Pixels);

    [Fact]
    public void Encode_NoFrameOrNoRate_IsRefused()
    {
        Assert.Contains("a frame", Assert.Throws<ArgumentException>(() => AnimatedPng.Encode([], Shape, 10)).Message,
            StringComparison.Ordinal);
        Assert.Contains("1 to 100",
            Assert.Throws<ArgumentException>(() => AnimatedPng.Encode(Frames(Shape, 2), Shape, 0)).Message,
                StringComparison.Ordinal);
    }

    private static List<byte[]> Frames(ImageShape shape, int count) =>
        [.. Enumerable.Range(0, count)
            .Select(f => Enumerable.Range(0, shape.Size).Select(i => (byte)(i * 7 * (f + 1) + f)).ToArray())];

    private static List<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        var chunks = new List<(string, byte[])>();
        for (int at = 8; at < file.Length;)
        {
            var length = Word(file, at);
            Assert.Equal(Crc32.HashToUInt32(file.AsSpan(at + 4, 4 + length)), (uint)Word(file, at + 8 + length));
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }
        return chunks;
    }

    private static byte[] Png(IEnumerable<(string Type, byte[] Data)> chunks)
    {
        List<byte> png = [0x89, .. "PNG"u8, 13, 10, 26, 10];
        foreach (var (type, data) in chunks)
        {
            byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
            png.AddRange([.. Bytes(data.Length), .. body, .. Bytes((int)Crc32.HashToUInt32(body))]);
        }
        return [.. png];
    }

    private static byte[] Bytes(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static int Word(byte[] data, int at) => BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(at));
}
