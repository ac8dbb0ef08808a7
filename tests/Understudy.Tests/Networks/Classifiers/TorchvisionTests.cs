using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Classifiers;

/// <summary>Our networks against torchvision's: names, shapes, parameters and logits (Oracles/torchvision_networks.py).</summary>
[Collection("torch")]
public sealed class TorchvisionTests
{
    private static readonly Dictionary<string, JsonElement> Oracle = Read();

    public static TheoryData<string> Networks => [.. Oracle.Keys];

    /// <summary>With which <see cref="Formula.Fill"/> a network's logits are of order one and follow its images.</summary>
    internal static double? GainOf(string arch) => Oracle.TryGetValue(arch, out var o) ? o.GetProperty("gain").GetDouble() : null;

    [Theory, MemberData(nameof(Networks))]
    public void ClassifierNet_WithTorchvisionsWeights_GivesItsLogits(string arch)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var o = Oracle[arch];
        var (channels, side) = (o.GetProperty("channels").GetInt32(), o.GetProperty("side").GetInt32());
        using var net = ClassifierNet.Uninitialised(arch, new ImageShape(channels, side, side), 10, dropout: .2);

        var state = net.state_dict();
        var keys = string.Join('\n',
            state.Select(s => $"{s.Key} {string.Join('x', s.Value.shape)}").Order(StringComparer.Ordinal));
        Assert.Equal(o.GetProperty("arrays").GetInt32(), state.Count);
        Assert.Equal(o.GetProperty("keys_sha256").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keys))));
        Assert.Equal(o.GetProperty("parameters").GetInt64(), Parameters(net));

        Formula.Fill(net, o.GetProperty("gain").GetDouble());
        net.eval();
        var logits = net.call(Formula.Image(2, channels, side));
        Assert.Equal([2, 10], logits.shape);
        var expected = o.GetProperty("logits").EnumerateArray().Select(v => v.GetSingle()).ToArray();
        var difference = (logits.flatten() - tensor(expected)).abs().max().item<float>();
        Assert.True(difference <= 1e-4, $"{arch}: logits differ by {difference}");
    }

    [Theory]
    [InlineData("resnet18", 11_689_512)]
    [InlineData("resnet34", 21_797_672)]
    [InlineData("resnet50", 25_557_032)]
    [InlineData("mobilenet-v3-small", 2_542_856)]
    [InlineData("mobilenet-v3-large", 5_483_032)]
    [InlineData("efficientnet-b0", 5_288_548)]
    public void ClassifierNet_AtAThousandClasses_HasThePublishedParameters(string arch, long parameters)
    {
        Assert.Equal(parameters, Oracle[arch].GetProperty("parameters_at_1000").GetInt64());
        using var net = ClassifierNet.Uninitialised(arch, new ImageShape(3, 224, 224), 1000, dropout: 0);
        Assert.Equal(parameters, Parameters(net));
    }

    // Arriaga et al. publish mini-XCEPTION with 58,423 values in its file, of which 1,472 are running statistics.
    [Fact]
    public void MiniXception_OfOneChannelAndSevenClasses_HasThePublishedParameters()
    {
        using var net = new MiniXception(new ImageShape(1, 48, 48), 7, dropout: 0);
        Assert.Equal(56_951, Parameters(net));
        Assert.Equal(58_423,
            Parameters(net) + net.named_buffers().Where(b => b.name.Contains("running", StringComparison.Ordinal))
                .Sum(b => b.buffer.numel()));
    }

    internal static long Parameters(nn.Module net) => net.parameters().Sum(p => p.numel());

    private static Dictionary<string, JsonElement> Read([CallerFilePath] string here = "")
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "torchvision.json"));
        return JsonDocument.Parse(text).RootElement.EnumerateArray()
            .ToDictionary(e => e.GetProperty("arch").GetString()!, StringComparer.Ordinal);
    }
}
