using Understudy.Training;
using Understudy.Training.Augmentation;
using Understudy.Training.Phases;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Phases;

[Collection("torch")]
public sealed class GanNetworksTests
{
    /// <summary>Interval 4, lr 0.01: lr 0.008, β₂ 0.99^0.8 = 0.991992. Gradients 1, then 3, on a weight of 1.</summary>
    [Fact]
    public void LazyAdam_HandWorkedTrace_ScalesRateAndMemory()
    {
        using var linear = nn.Linear(1, 1, hasBias: false);
        using var flat = new FlatParameters(linear);
        using (no_grad()) linear.weight!.fill_(1);
        using var adam = GanNetworks.LazyAdam(flat, 0.01, 4);
        var beta = Math.Exp(0.8 * Math.Log(0.99));
        var (weight, square) = (1.0, 0.0);
        foreach (var (gradient, t) in new[] { (1f, 1), (3f, 2) })
        {
            linear.weight!.grad!.fill_(gradient);
            adam.Step();
            square = beta * square + (1 - beta) * gradient * gradient;
            weight -= 0.008 * gradient / (Math.Sqrt(square / (1 - Math.Pow(beta, t))) + 1e-8);
            Assert.Equal(weight, linear.weight!.item<float>(), 1e-6);
        }
        // The first step of Adam without momentum is the rate itself: 0.01·4/5; the second 0.008·3/√5.008.
        Assert.Equal(1 - 0.008 - 0.010725, weight, 1e-5);
    }

    [Fact]
    public void LazyAdam_NoLazyTerm_IsPlain()
    {
        using var linear = nn.Linear(1, 1);
        using var flat = new FlatParameters(linear);
        using var adam = GanNetworks.LazyAdam(flat, 0.01, 0);
        Assert.Equal(0.01, adam.LearningRate);
    }

    [Fact]
    public void FrozenBlocks_OneStep_LeaveTheBlocksNextToTheImageAsTheyWere()
    {
        var data = TwoTones.Draw();
        var options = (TinyGan.Smallest with { R1Interval = 1, FrozenBlocks = 1, Augment = AugmentKind.None })
            .Resolve(data.Shape, 2);
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, options, 1);
        var before = session.Discriminator.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        session.Step();
        foreach (var (name, parameter) in session.Discriminator.named_parameters())
        {
            var moved = !parameter.eq(before[name]).all().item<bool>();
            Assert.True(moved == !name.StartsWith("b16.", StringComparison.Ordinal), name);
        }
        Assert.Equal(["b16", "b8"], session.Discriminator.BlockNames);
    }
}
