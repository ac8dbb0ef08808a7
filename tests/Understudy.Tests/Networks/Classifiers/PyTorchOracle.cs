using System.Text.Json;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Classifiers;

/// <summary>What PyTorch gave (Oracles/classifiers.py), and the weights and inputs it was given.</summary>
internal static class PyTorchOracle
{
    private static readonly JsonElement Root = Load();

    public static double Number(string key) => Root.GetProperty(key).GetDouble();

    public static double[] Numbers(string key) => [.. Root.GetProperty(key).EnumerateArray().Select(v => v.GetDouble())];

    public static Dictionary<string, double> Table(string key) =>
        Root.GetProperty(key).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());

    /// <summary>scale · sin(0.37 i + length of the name), in float32.</summary>
    public static Tensor Wave(string name, double scale, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(scale * Math.Sin(i * .37 + name.Length));
        return tensor(values, shape);
    }

    /// <summary>Fills the parameters as the script does.</summary>
    public static T Filled<T>(T module) where T : nn.Module
    {
        using var noGradients = no_grad();
        foreach (var (name, p) in module.named_parameters())
        {
            p.copy_(Wave(name, .5, p.shape));
            if (p.dim() == 1 && name.EndsWith("weight", StringComparison.Ordinal)) p.add_(1);
        }
        return module;
    }

    public static void AssertClose(string key, Tensor actual, double tolerance)
    {
        var (expected, values) = (Numbers(key), actual.detach().contiguous().data<float>().ToArray());
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++) Assert.InRange(values[i], expected[i] - tolerance, expected[i] + tolerance);
    }

    private static JsonElement Load()
    {
        using var stream = typeof(PyTorchOracle).Assembly.GetManifestResourceStream("oracles/classifiers.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
