using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class ImageSetFileTests
{
    private static readonly ImageSet Set = new(new(["b", "a"]), new(3, 1, 2), ["x", "ψ,\"y\"\n"], [1, 0],
        [.. Enumerable.Range(0, 12).Select(i => (byte)(20 * i))], ["train", "test"]);

    [Fact]
    public void Load_WhatWasSaved_IsTheSameSet()
    {
        using var folder = new TempFolder();
        ImageSetFile.Save(folder["a.safetensors"], Set, new Dictionary<string, string> { ["source"] = "here" });
        var loaded = ImageSetFile.Load(folder["a.safetensors"]);

        Assert.Equal(Set.Fingerprint, loaded.Fingerprint);
        Assert.Equal(Set.Parts, loaded.Parts);
        Assert.Equal("here", SafetensorsFile.ReadMetadata(folder["a.safetensors"])["source"]);
    }

    [Fact]
    public void Load_OtherSafetensors_SaysHowASetIsMade()
    {
        using var folder = new TempFolder();
        SafetensorsFile.Write(folder["a.safetensors"], new Dictionary<string, string>(), []);
        Assert.Contains("understudy data import",
            Assert.Throws<InvalidDataException>(() => ImageSetFile.Load(folder["a.safetensors"])).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FlippedBytes_ThrowsNothingButInvalidData()
    {
        using var folder = new TempFolder();
        ImageSetFile.Save(folder["a.safetensors"], Set);
        var whole = File.ReadAllBytes(folder["a.safetensors"]);
        var r = new KeyedRandom(1, "fuzz");
        var refused = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            byte[] file = [.. whole];
            for (int k = r.Next(3); k >= 0; k--) file[r.Next(file.Length)] = (byte)r.Next(256);
            File.WriteAllBytes(folder["b.safetensors"], file);
            try { ImageSetFile.Load(folder["b.safetensors"]); }
            catch (InvalidDataException) { refused++; }
        }
        Assert.InRange(refused, 150, 300);
    }
}
