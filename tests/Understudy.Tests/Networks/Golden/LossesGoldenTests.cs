using TorchSharp;
using Understudy.Networks.StyleGan2;
using Understudy.Training.Losses;
using Xunit.Abstractions;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Tests.Networks.Golden;

/// <summary>The gradients of the four phases of a training step, gain included, for every parameter.</summary>
[Collection("torch")]
public sealed class LossesGoldenTests(ITestOutputHelper output)
{
    public static TheoryData<string> Sets => GoldenSets.With("losses.safetensors");

    [Theory, MemberData(nameof(Sets))]
    public void Gmain_StoredWeights_GivesTheReferencesGradients(string set)
    {
        using var step = new Step(set);
        var loss = GanLosses.GeneratorMain(step.D.call(step.Fakes(), step.C));

        (loss * step.Gain("Gmain")).backward();

        step.CheckGradients("Gmain", "G", step.G, output);
        step.CheckStat("Loss/G/loss", loss);
    }

    [Theory, MemberData(nameof(Sets))]
    public void Greg_StoredWeights_GivesTheReferencesGradients(string set)
    {
        using var step = new Step(set);
        var n = step.Z.shape[0] / step.Losses.Case["pl_batch_shrink"]!.GetValue<int>();
        var ws = step.G.Map(step.Z.narrow(0, 0, n), step.C.narrow(0, 0, n));
        var (loss, mean) = GanLosses.PathLength(step.G.Synthesize(ws, NoiseMode.Const), ws, step.Losses["pl_noise_unscaled"],
            step.Losses["pl_mean_before"], step.Losses.Case["pl_decay"]!.GetValue<double>(),
                step.Losses.Case["pl_weight"]!.GetValue<double>());

        (loss * step.Gain("Greg")).backward();

        step.CheckGradients("Greg", "G", step.G, output);
        step.CheckStat("Loss/G/reg", loss);
        Near.Equal(step.Losses["pl_mean_after"], mean, 1e-5);
    }

    [Theory, MemberData(nameof(Sets))]
    public void Dmain_StoredWeights_GivesTheReferencesGradients(string set)
    {
        using var step = new Step(set);
        var fakes = step.Fakes().detach();
        var loss = GanLosses.DiscriminatorFake(step.D.call(fakes, step.C))
            + GanLosses.DiscriminatorReal(step.D.call(step.Real, step.C));

        (loss * step.Gain("Dmain")).backward();

        step.CheckGradients("Dmain", "D", step.D, output);
        step.CheckStat("Loss/D/loss", loss);
    }

    [Theory, MemberData(nameof(Sets))]
    public void Dreg_StoredWeights_GivesTheReferencesGradients(string set)
    {
        using var step = new Step(set);
        var real = step.Real.requires_grad_(true);
        var loss = GanLosses.R1(step.D.call(real, step.C), real, step.Losses.Case["gamma"]!.GetValue<double>());

        (loss * step.Gain("Dreg")).backward();

        step.CheckGradients("Dreg", "D", step.D, output);
        step.CheckStat("Loss/D/reg", loss);
    }

    /// <summary>The networks and batches of one set.</summary>
    private sealed class Step : IDisposable
    {
        private readonly DisposeScope _scope = NewDisposeScope();
        private readonly string _set;

        public Step(string set)
        {
            _set = set;
            Losses = new GoldenFile(set, "losses.safetensors");
            G = new GoldenFile(set, "generator.safetensors").Generator();
            D = new GoldenFile(set, "discriminator.safetensors").Discriminator();
            (Z, C, Real) = (Losses["z"], Losses["c"], Losses["real"]);
        }

        public GoldenFile Losses { get; }
        public Generator G { get; }
        public Discriminator D { get; }
        public Tensor Z { get; }
        public Tensor C { get; }
        public Tensor Real { get; }

        public Tensor Fakes() => G.Synthesize(G.Map(Z, C), NoiseMode.Const);

        public double Gain(string phase) => Losses.Case["gain"]![phase]!.GetValue<double>();

        public void CheckStat(string key, Tensor value)
        {
            var expected = Losses.Case["stats"]![key]!.GetValue<double>();
            Assert.InRange(value.item<float>(), expected - 1e-3 * Math.Abs(expected) - 1e-6,
                expected + 1e-3 * Math.Abs(expected) + 1e-6);
        }

        public void CheckGradients(string phase, string network, nn.Module module, ITestOutputHelper output)
        {
            var prefix = $"{phase}.{network}.";
            var parameters = module.named_parameters().ToDictionary(p => p.name, p => p.parameter);
            var stored = Losses.Content.Entries.Select(e => e.Key).Where(k => k.StartsWith(prefix, StringComparison.Ordinal))
                .ToList();
            Assert.NotEmpty(stored);
            Assert.DoesNotContain(stored, k => !parameters.ContainsKey(k[prefix.Length..]));
            var worst = 0.0;
            foreach (var (name, parameter) in parameters)
            {
                var expected = Losses.Has(prefix + name) ? Losses[prefix + name] : zeros_like(parameter);
                var actual = parameter.grad ?? zeros_like(parameter);
                Assert.Equal(expected.shape, actual.shape);
                var (difference, size) = ((actual - expected).norm().item<float>(), expected.norm().item<float>());
                var share = expected.dim() == 0 ? 3e-3 : 1e-3;
                Assert.True(difference <= share * size + 1e-9, $"{prefix}{name}: ‖a−b‖ = {difference:g3}, ‖b‖ = {size:g3}");
                if (size > 1e-9) worst = Math.Max(worst, difference / size);
            }
            output.WriteLine($"{Path.GetFileName(_set)} {phase}: max ‖a−b‖/‖b‖ {worst:g3} over {parameters.Count} parameters");
        }

        public void Dispose()
        {
            G.Dispose();
            D.Dispose();
            _scope.Dispose();
        }
    }
}
