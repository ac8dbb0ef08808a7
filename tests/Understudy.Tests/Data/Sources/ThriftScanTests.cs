using Understudy.Data;

namespace Understudy.Tests.Data.Sources;

public sealed class ThriftScanTests
{
    private static Dictionary<int, long> Scan(params byte[] bytes)
    {
        var found = new Dictionary<int, long>();
        var scan = new ThriftScan(bytes, (path, value) => found[path] = value);
        scan.Struct();
        Assert.Equal(bytes.Length, scan.Position);
        return found;
    }

    [Fact]
    public void Struct_NumbersInsideEachOther_AreToldByPath() => Assert.Equal(
        new Dictionary<int, long> { [1] = -1, [3] = 150, [501] = 7 },
        //   1: i32 −1     3: i64 150         4: "ab"              5: { 1: i32 7 }     6: [true, false]      7: {i8: "x"}
        Scan(0x15, 0x01, 0x26, 0xAC, 0x02, 0x18, 2, 0x61, 0x62, 0x1C, 0x15, 0x0E, 0x00, 0x19, 0x21, 1, 2, 0x1B, 1, 0x38, 5, 1,
            0x78, 0x00));

    [Theory]
    [InlineData("cut off", new byte[] { 0x15 })]
    [InlineData("cut off", new byte[] { 0x15, 0x02 })]
    [InlineData("claims more", new byte[] { 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00 })]
    [InlineData("claims more", new byte[] { 0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0x7F, 0x00 })]
    [InlineData("without end", new byte[] { 0x15, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData("unknown type 14", new byte[] { 0x1E, 0x00 })]
    public void Struct_ClaimsThatAreUnsound_AreRefused(string message, byte[] bytes) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Scan(bytes)).Message, StringComparison.Ordinal);

    [Fact]
    public void Struct_NestedWithoutEnd_IsRefusedBeforeTheStackIs()
    {
        byte[] structs = [.. Enumerable.Repeat((byte)0x1C, 100_000)], lists = [0x19, .. Enumerable.Repeat((byte)0x19, 100_000)];
        Assert.Contains("too deep", Assert.Throws<InvalidDataException>(() => Scan(structs)).Message, StringComparison.Ordinal);
        Assert.Contains("too deep", Assert.Throws<InvalidDataException>(() => Scan(lists)).Message, StringComparison.Ordinal);
    }
}
