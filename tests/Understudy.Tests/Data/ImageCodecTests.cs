using System.Buffers.Binary;
using System.IO.Hashing;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class ImageCodecTests
{
    public static TheoryData<string> PilFiles => [.. PilOracle.Root.GetProperty("decode").EnumerateObject().Select(p => p.Name)];

    private static byte[] Noise(int count, ulong seed)
    {
        var r = new KeyedRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)r.Next(256))];
    }

    [Theory]
    [MemberData(nameof(PilFiles))]
    public void Decode_FileOfPil_GivesPilsPixels(string name)
    {
        var expected = PilOracle.Root.GetProperty("decode").GetProperty(name);
        var (shape, pixels) = ImageCodec.Decode(expected.Bytes("file"), name);

        Assert.Equal(expected.Ints("shape"), new[] { shape.Channels, shape.Height, shape.Width });
        Assert.InRange(PilOracle.LargestDifference(pixels, [.. expected.Ints("pixels").Select(v => (byte)v)]), 0,
            expected.GetProperty("tolerance").GetInt32());
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 48, 48)]
    [InlineData(3, 17, 5)]
    [InlineData(3, 64, 64)]
    public void EncodePng_ThenDecode_GivesTheSamePixels(int channels, int height, int width)
    {
        var shape = new ImageShape(channels, height, width);
        var pixels = Noise(shape.Size, 1);
        var png = ImageCodec.EncodePng(pixels, shape);

        Assert.Equal(png, ImageCodec.EncodePng(pixels, shape));
        Assert.Equal((shape, pixels), ImageCodec.Decode(png, "x.png"),
            (a, b) => a.Item1 == b.Item1 && a.Item2.AsSpan().SequenceEqual(b.Item2));
    }

    [Fact]
    public void EncodePng_WithTexts_KeepsThemAndThePixels()
    {
        var shape = new ImageShape(1, 8, 8);
        var pixels = Noise(64, 2);
        (string, string)[] texts = [("Software", "understudy"), ("Source", "ψ = 0.7, 种子 42"), ("Comment", "")];
        var png = ImageCodec.EncodePng(pixels, shape, texts);

        Assert.Equal(texts, PngText.Read(png));
        Assert.Equal(pixels, ImageCodec.Decode(png, "x").Pixels);
    }

    [Fact]
    public void EncodePng_KeywordThatIsNone_IsTheCallersMistake() =>
        Assert.Throws<ArgumentException>(() => ImageCodec.EncodePng(new byte[1], new(1, 1, 1), [("ψ", "x")]));

    [Fact]
    public void PngText_CutFiles_ThrowNothingButInvalidData()
    {
        var png = ImageCodec.EncodePng(Noise(64, 3), new(1, 8, 8), [("a", "b")]);
        for (int n = 0; n < png.Length; n++) Assert.Throws<InvalidDataException>(() => PngText.Read(png.AsSpan(0, n)));
    }

    [Fact]
    public void Decode_CutFile_SaysWhichAndLeavesTheCureToTheCaller()
    {
        foreach (var name in new[] { "grey.jpg", "rgb.jpg", "palette.png" })
        {
            var whole = PilOracle.Root.GetProperty("decode").GetProperty(name).Bytes("file");
            foreach (var length in new[] { 0, 10, whole.Length / 2, whole.Length - 20 })
            {
                var e = Assert.Throws<InvalidDataException>(() => ImageCodec.Decode(whole[..length], "faces/" + name));
                Assert.StartsWith($"faces/{name}: is ", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("--skip-bad", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Decode_HeaderThatClaimsTooManyPixels_IsRefusedBeforeDecoding()
    {
        var png = ImageCodec.EncodePng(new byte[1], new(1, 1, 1));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 30_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 30_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.HashToUInt32(png.AsSpan(12, 17)));

        var e = Assert.Throws<InvalidDataException>(() => ImageCodec.Decode(png, "bomb.png"));

        Assert.Equal("bomb.png: claims 30000×30000 pixels; images up to 64 million pixels are read: make it smaller first",
            e.Message);
    }

    [Theory]
    [InlineData("grey.jpg", "None")]
    [InlineData("palette.png", "None")]
    [InlineData("exif1.jpg", "None")]
    [InlineData("exif6.jpg", "Turned")]
    [InlineData("cmyk.jpg", "Cmyk")]
    [InlineData("alpha.png", "Transparent")]
    [InlineData("palette-transparent.png", "Transparent")]
    [InlineData("grey16.png", "SixteenBit")]
    [InlineData("rgb16.png", "SixteenBit")]
    [InlineData("animated.gif", "Animated")]
    [InlineData("animated.png", "Animated")]
    [InlineData("animated.webp", "Animated")]
    public void Decode_FileThatNeedsMore_SaysWhatWasDone(string name, string done) =>
        Assert.Equal(done,
            ImageCodec.Decode(PilOracle.Root.GetProperty("decode").GetProperty(name).Bytes("file")).Traits.ToString());

    [Fact]
    public void WithChannels_Grey_IsPilsLuma()
    {
        var luma = PilOracle.Root.GetProperty("luma");
        byte[] rgb = [.. luma.Ints("rgb").Select(v => (byte)v)];

        Assert.Equal(luma.Ints("grey").Select(v => (byte)v), new DecodedImage(new(3, 1, 64), rgb).WithChannels(1).Pixels);
    }
}
