using Understudy.Common;
using Understudy.Networks;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks;

/// <summary>A damaged file of weights loads or is refused by name; whatever it holds, nothing else happens.</summary>
[Collection("torch")]
public sealed class WeightsFileFuzzTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-fuzz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    [Fact]
    public void Read_SafetensorsTruncatedAnywhere_IsRefused()
    {
        var whole = Safetensors();
        for (int length = 0; length < whole.Length; length++)
            Assert.StartsWith("x: ", Assert.Throws<InvalidDataException>(() => Parse(whole[..length])).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SafetensorsWithBytesChanged_FailsCleanlyOrNot()
    {
        var whole = Safetensors();
        var header = 8 + BitConverter.ToInt32(whole);
        var random = new KeyedRandom(11);
        var refused = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            var damaged = (byte[])whole.Clone();
            for (int n = 1 + random.Next(3); n > 0; n--)
                damaged[random.Next(header)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "{}[]\":,0-9e"[random.Next(11)]);
            try
            {
                Parse(damaged);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("x: ", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.InRange(refused, 1500, 3000);
    }

    /// <summary>A header that promises much is believed only as far as the file goes.</summary>
    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,9223372036854775807]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1073741824,1073741824],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1e99],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""")]
    public void Read_HugeOrNegativeSizes_AreRefused(string header)
    {
        byte[] file = [.. BitConverter.GetBytes((long)header.Length), .. System.Text.Encoding.ASCII.GetBytes(header),
            .. new byte[8]];
        Assert.StartsWith("x: ", Assert.Throws<InvalidDataException>(() => Parse(file)).Message, StringComparison.Ordinal);
    }

    /// <summary>Through to a network: names, shapes and types that a mutation changed.</summary>
    [Theory, InlineData("module-zip"), InlineData("module-legacy"), InlineData("safetensors")]
    public void Load_FilesWithBytesChanged_LoadOrAreRefusedByPath(string kind)
    {
        using var scope = NewDisposeScope();
        var whole = kind == "safetensors" ? Safetensors() : File.ReadAllBytes(TorchFiles.PathOf(kind));
        var path = At("w");
        var random = new KeyedRandom(13, kind);
        var net = nn.Sequential(nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2));
        var refused = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            var damaged = (byte[])whole.Clone();
            for (int n = 1 + random.Next(4); n > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) damaged = damaged[..random.Next(damaged.Length)];
            File.WriteAllBytes(path, damaged);
            try
            {
                using var inner = NewDisposeScope();
                ClassifierWeights.Load(path, net);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.InRange(refused, 50, 200);
    }

    private byte[] Safetensors()
    {
        using var scope = NewDisposeScope();
        var net = nn.Sequential(nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2));
        Understudy.Networks.Weights.Save(At("whole"), net, new Dictionary<string, string> { ["format"] = "x", ["note"] = "y" });
        return File.ReadAllBytes(At("whole"));
    }

    private static void Parse(byte[] file)
    {
        using var stream = new MemoryStream(file);
        SafetensorsFile.Read(stream, "x");
    }
}
