using TorchSharp;
using Understudy.Tests.Networks;
using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Losses;

[Collection("torch")]
public sealed class GanLossesTests
{
    [Fact]
    public void LogisticLosses_KnownLogits_EqualSoftplus()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 0f, 2f }).unsqueeze(1);
        static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

        Assert.Equal((Softplus(0) + Softplus(-2)) / 2, GanLosses.GeneratorMain(logits).item<float>(), 1e-6);
        Assert.Equal((Softplus(0) + Softplus(-2)) / 2, GanLosses.DiscriminatorReal(logits).item<float>(), 1e-6);
        Assert.Equal((Softplus(0) + Softplus(2)) / 2, GanLosses.DiscriminatorFake(logits).item<float>(), 1e-6);
    }

    /// <summary>
    /// At D = 2: .9·log(1 + e⁻²) + .1·log(1 + e²). The slope is 0 at D = log 9, where smoothing says "sure enough".
    /// </summary>
    [Fact]
    public void DiscriminatorReal_SmoothedTarget_HasItsOptimumAtTheTargetsLogit()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0.9 * Math.Log(1 + Math.Exp(-2)) + 0.1 * Math.Log(1 + Math.Exp(2)),
            GanLosses.DiscriminatorReal(tensor(new[] { 2f }), 0.9).item<float>(), 1e-6);
        var logit = tensor(new[] { MathF.Log(9) }).requires_grad_();
        GanLosses.DiscriminatorReal(logit, 0.9).backward();
        Assert.Equal(0, logit.grad!.item<float>(), 1e-6f);
    }

    /// <summary>Differences D(fake) − D(real) of 1 and −2, by hand.</summary>
    [Fact]
    public void RelativisticLosses_KnownPairs_EqualSoftplusOfTheirDifferences()
    {
        using var scope = NewDisposeScope();
        var (fake, real) = (tensor(new[] { 1f, 3f }).unsqueeze(1), tensor(new[] { 0f, 5f }).unsqueeze(1));
        Assert.Equal((1.313261688 + 0.126928011) / 2, GanLosses.RelativisticDiscriminator(fake, real).item<float>(), 1e-6);
        Assert.Equal((0.313261688 + 2.126928011) / 2, GanLosses.RelativisticGenerator(fake, real).item<float>(), 1e-6);
        // What only shifts all logits changes nothing: that is the point of pairs.
        Assert.Equal(GanLosses.RelativisticDiscriminator(fake, real).item<float>(),
            GanLosses.RelativisticDiscriminator(fake + 7, real + 7).item<float>(), 1e-6);
    }

    [Fact]
    public void EveryLoss_FiniteDifferences_AgreeTwice()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(4);
        var (fake, real) = (randn([5, 1], dtype: ScalarType.Float64, generator: random),
            randn([5, 1], dtype: ScalarType.Float64, generator: random));
        FiniteDifferences.Check(x => GanLosses.GeneratorMain(x[0]) + GanLosses.DiscriminatorFake(x[0]), fake);
        FiniteDifferences.Check(x => GanLosses.DiscriminatorReal(x[0], 0.9), real);
        FiniteDifferences.Check(x =>
            GanLosses.RelativisticDiscriminator(x[0], x[1]) + GanLosses.RelativisticGenerator(x[0], x[1]) * 0.3, fake, real);
        var (logits, c) = (randn([3, 4], dtype: ScalarType.Float64, generator: random),
            eye(4, dtype: ScalarType.Float64).narrow(0, 0, 3));
        FiniteDifferences.Check(x => GanLosses.Class(x[0], c), logits);
    }

    [Fact]
    public void R1_QuadraticDiscriminator_EqualsTheClosedForm()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1f, 2f, 3f, 4f }).reshape(2, 1, 1, 2).requires_grad_(true);

        var loss = GanLosses.R1(x.square().sum([1, 2, 3]).unsqueeze(1), x, gamma: 3);
        loss.backward();

        Assert.Equal(3 / 2.0 * (4 + 16 + 36 + 64) / 2, loss.item<float>(), 1e-4);           // ∇ = 2x
        Assert.Equal(3 * 4 * 1f / 2, x.grad![0, 0, 0, 0].item<float>(), 1e-4f);
    }

    [Fact]
    public void PathLength_LinearGenerator_EqualsTheClosedForm()
    {
        using var scope = NewDisposeScope();
        var ws = ones(1, 2, 1).requires_grad_(true);
        var images = (ws[0, 0, 0] * 3 + ws[0, 1, 0] * 4).reshape(1, 1, 1, 1).expand(1, 1, 2, 2);

        var (loss, mean) = GanLosses.PathLength(images, ws, ones(1, 1, 2, 2), zeros([]));

        var length = Math.Sqrt((6 * 6 + 8 * 8) / 2.0);                                      // y = 1/2 on four pixels: J = (6, 8)
        Assert.Equal(0.01 * length, mean.item<float>(), 1e-5);
        Assert.Equal(2 * Math.Pow(0.99 * length, 2), loss.item<float>(), 1e-3);
        Assert.False(mean.requires_grad);
    }

    [Fact]
    public void MixStyles_Cutoff_TakesTheSecondFromThereOn()
    {
        using var scope = NewDisposeScope();

        var mixed = GanLosses.MixStyles(zeros(2, 4, 3), ones(2, 4, 3), 1);

        Assert.Equal([0f, 3f, 3f, 3f], mixed[1].sum(1).data<float>().ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => GanLosses.MixStyles(zeros(2, 4, 3), ones(2, 4, 3), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => GanLosses.MixStyles(zeros(2, 4, 3), ones(2, 4, 3), 4));
    }
}
