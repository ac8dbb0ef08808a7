using Understudy.Common;
using static Understudy.Tests.Networks.TorchFiles;

namespace Understudy.Tests.Networks;

/// <summary>Damaged files give weights or an <see cref="InvalidDataException"/> that names the file, and nothing else.</summary>
public sealed class TorchFileFuzzTests
{
    private static readonly string[] s_files = ["kinds-zip", "kinds-legacy", "nested-zip", "nested-legacy"];

    public static TheoryData<string> Files => [.. s_files];

    [Theory, MemberData(nameof(Files))]
    public void Read_TruncatedAnywhere_IsRefused(string file)
    {
        var whole = File.ReadAllBytes(PathOf(file));
        for (int length = 0; length < whole.Length; length++)
            Assert.StartsWith("x.pth: ", Assert.Throws<InvalidDataException>(() => Read(whole[..length])).Message,
                StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Files))]
    public void Read_WithBytesChanged_FailsCleanlyOrNot(string file)
    {
        var whole = File.ReadAllBytes(PathOf(file));
        var random = new KeyedRandom(7, file);
        var refused = 0;
        for (int trial = 0; trial < 1500; trial++)
        {
            var damaged = (byte[])whole.Clone();
            for (int n = 1 + random.Next(6); n > 0; n--) damaged[random.Next(damaged.Length)] = Interesting(random);
            try
            {
                foreach (var entry in Read(damaged).Values) Assert.True(entry.Data.Length <= 4 * whole.Length);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("x.pth: ", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.InRange(refused, 300, 1500);
    }

    /// <summary>Any byte, or one of those that mean something to the machine.</summary>
    private static byte Interesting(KeyedRandom random)
    {
        byte[] codes = [.. "(.0]})NKMJXqhrjtRbQaescu"u8, 0x80, 0x85, 0x86, 0x87, 0x88, 0x8a, 0x93, 0x94, 0xff, 0x7f, 0];
        return random.Next(2) == 0 ? (byte)random.Next(256) : codes[random.Next(codes.Length)];
    }
}
