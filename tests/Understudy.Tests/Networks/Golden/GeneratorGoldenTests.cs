using Understudy.Networks.StyleGan2;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Golden;

[Collection("torch")]
public sealed class GeneratorGoldenTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Sets => GoldenSets.With("generator.safetensors");

    [Theory, MemberData(nameof(Sets))]
    public void Generator_StoredWeights_MakesTheReferencesImages(string set)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var golden = new GoldenFile(set, "generator.safetensors");
        using var g = golden.Generator();
        var ws = g.Map(golden["z"], golden["c"]);
        var truncated = g.Truncate(ws, 0.7);
        var results = new (string Name, Tensor Value)[]
        {
            ("ws", ws), ("ws_psi0.7", truncated), ("ws_psi0.5_cutoff2", g.Truncate(ws, 0.5, 2)),
            ("img_noise_const", g.Synthesize(ws, NoiseMode.Const)), ("img_noise_none", g.Synthesize(ws, NoiseMode.None)),
            ("img_psi0.7_noise_const", g.Synthesize(truncated, NoiseMode.Const)),
        };
        foreach (var (name, value) in results)
        {
            output.WriteLine($"{Path.GetFileName(set)} {name}: max error {Near.MaxDifference(value, golden[name]):g3}");
            Near.Equal(golden[name], value, Tolerance, name);
        }

        g.Map(golden["z"], golden["c"], trackAverage: true);

        Near.Equal(golden["w_avg_after_train_forward"], g.AverageW, Tolerance, "w_avg");
    }
}
