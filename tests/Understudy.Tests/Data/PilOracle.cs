using System.Text.Json;

namespace Understudy.Tests.Data;

/// <summary>What PIL wrote, decoded and resized; <c>Oracles/images.py</c> makes it.</summary>
internal static class PilOracle
{
    public static JsonElement Root { get; } = Load();

    private static JsonElement Load()
    {
        using var stream = typeof(PilOracle).Assembly.GetManifestResourceStream("oracles/images.json")!;
        using var json = JsonDocument.Parse(stream);
        return json.RootElement.Clone();
    }

    public static byte[] Bytes(this JsonElement e, string key) => e.GetProperty(key).GetBytesFromBase64();

    public static int[] Ints(this JsonElement e, string key) =>
        [.. e.GetProperty(key).EnumerateArray().Select(v => v.GetInt32())];

    public static int LargestDifference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        Assert.Equal(a.Length, b.Length);
        var largest = 0;
        for (int i = 0; i < a.Length; i++) largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        return largest;
    }
}
