using System.Text.Json.Nodes;
using Understudy.Networks.Ops;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Golden;

[Collection("torch")]
public sealed class OpsGoldenTests(ITestOutputHelper output)
{
    public static TheoryData<string> Sets => GoldenSets.With("ops.safetensors");

    [Theory, MemberData(nameof(Sets))]
    public void Ops_EveryCase_EqualsTheReference(string set)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenFile(set, "ops.safetensors");
        var worst = 0.0;
        Assert.NotEmpty(golden.Case.AsArray());
        foreach (var c in golden.Case.AsArray())
        {
            var name = c!["name"]!.GetValue<string>();
            var y = Run(golden, name, c["op"]!.GetValue<string>(), c["args"]!.AsObject());
            Near.Equal(golden[$"{name}.y"], y, 1e-4, name);
            worst = Math.Max(worst, Near.MaxDifference(y, golden[$"{name}.y"]));
        }
        output.WriteLine($"{Path.GetFileName(set)} ops: max error {worst:g3} over {golden.Case.AsArray().Count} cases");
    }

    private static Tensor Run(GoldenFile g, string name, string op, JsonObject a)
    {
        var x = g[$"{name}.x"];
        int Int(string key, int otherwise) => a[key]?.GetValue<int>() ?? otherwise;
        bool Bool(string key, bool otherwise) => a[key]?.GetValue<bool>() ?? otherwise;
        double Number(string key, double otherwise) => a[key]?.GetValue<double>() ?? otherwise;
        Margin Pads() => a["padding"] switch
        {
            null => default,
            JsonArray p => new(p[0]!.GetValue<long>(), p[1]!.GetValue<long>(), p[2]!.GetValue<long>(), p[3]!.GetValue<long>()),
            { } p => Margin.All(p.GetValue<long>()),
        };
        switch (op)
        {
            case "upfirdn2d":
                return Resampling.Upfirdn2d(x, g[$"{name}.f"], Int("up", 1), Int("down", 1), Pads(), Bool("flip_filter", false),
                    Number("gain", 1));
            case "upsample2d":
                return Resampling.Upsample2d(x, g[$"{name}.f"], Int("up", 2), Pads(), Bool("flip_filter", false),
                    Number("gain", 1));
            case "downsample2d":
                return Resampling.Downsample2d(x, g[$"{name}.f"], Int("down", 2), Pads(), Bool("flip_filter", false),
                    Number("gain", 1));
            case "filter2d":
                return Resampling.Filter2d(x, g[$"{name}.f"], Pads(), Bool("flip_filter", false), Number("gain", 1));
            case "bias_act":
                return BiasAct.Apply(x, g[$"{name}.b"], ToActivation(a["act"]!.GetValue<string>()), a["gain"]?.GetValue<double>(),
                    a["clamp"]?.GetValue<double>());
            case "modulated_conv2d":
                var (weight, styles) = (g[$"{name}.weight"], g[$"{name}.styles"]);
                var y = ModulatedConv.Convolve(x, weight, styles, g["filter_1331"], Int("up", 1), Int("down", 1),
                    Int("padding", 0));
                if (Bool("demodulate", true)) y = y * ModulatedConv.Demodulation(weight, styles).unsqueeze(2).unsqueeze(3);
                return g.Has($"{name}.noise") ? y + g[$"{name}.noise"] : y;
            case "conv2d_resample":
                return ResampledConv.Apply(x, g[$"{name}.w"], g[$"{name}.f"], Int("up", 1), Int("down", 1), Int("padding", 0),
                    Bool("flip_weight", true));
            default:
                throw new InvalidDataException($"{name}: the operation {op} is not known");
        }
    }

    private static Activation ToActivation(string name) =>
        name == "lrelu" ? Activation.LeakyRelu : Enum.Parse<Activation>(name, ignoreCase: true);
}
