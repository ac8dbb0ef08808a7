using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Classifiers;

[Collection("torch")]
public sealed class ZooTests
{
    /// <summary>Those that <see cref="ClassifierNetTests"/> does not teach already.</summary>
    public static TheoryData<string> Names =>
        [.. ClassifierNet.Names.Except(["screening", "recipe-a", "recipe-b", "proposal-cnn"])];

    /// <summary>A batch of noise with labels of its own can only be learnt by heart: every layer must pass gradients.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Create_EveryNetwork_OverfitsOneBatch(string arch)
    {
        using var scope = NewDisposeScope();
        var side = arch is "resnet34-48" or "resnet50-48" ? 8 : arch.EndsWith("-48", StringComparison.Ordinal) ? 16 : 32;
        using var net = ClassifierNet.Create(arch, new ImageShape(1, side, side), 3, dropout: 0, seed: 5);
        new Keys(1).SeedDropout(0);
        var images = Formula.Image(6, 1, side);
        var labels = tensor(new long[] { 0, 1, 2, 2, 1, 0 });
        using var optimiser = optim.Adam(net.parameters(), lr: 2e-3);
        net.train();
        var loss = double.NaN;
        for (int step = 0; step < 25 && !(loss < .1); step++)
        {
            using var inner = NewDisposeScope();
            optimiser.zero_grad();
            var value = nn.functional.cross_entropy(net.call(images), labels);
            value.backward();
            optimiser.step();
            loss = value.item<float>();
        }
        Assert.True(loss < .1, $"{arch}: {loss:0.000} after 25 steps");
        Assert.All(net.named_parameters(), p => Assert.True(p.parameter.grad is not null, $"{arch}: {p.name} has no gradient"));
    }

    [Fact]
    public void InvertedResidual_InTraining_DropsWholeSamplesAndKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        new Keys(3).SeedDropout(0);
        using var block = new InvertedResidual(4, new(3, 4, 4, 0, () => nn.Identity(), 1, Drop: .25), BlockStyle.EfficientNet);
        // Batch norm would mix the samples: a branch that is one everywhere, whatever it sees.
        foreach (var (name, p) in block.named_parameters()) p.fill_(name.EndsWith("1.1.bias", StringComparison.Ordinal) ? 1 : 0);
        var added = block.call(zeros(4000, 4, 2, 2));
        var sample = added[.., 0, 0, 0];
        Assert.True(added.eq(sample.view(-1, 1, 1, 1)).all().item<bool>());
        Assert.True((sample.eq(0) | (sample - 4.0 / 3).abs().lt(1e-5)).all().item<bool>());
        Assert.InRange(sample.mean().item<float>(), .95, 1.05);
        block.eval();
        Assert.True(block.call(zeros(5, 4, 2, 2)).eq(1).all().item<bool>());
    }
}
