using TorchSharp;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Classifiers;

[Collection("torch")]
public sealed class LayersTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Ends => ["norm", "activation", "inner", "convolution"];

    [Theory, MemberData(nameof(Ends))]
    public void CallAndAdd_AnyEnd_IsTheSequenceOfLibtorchAndTheSum(string end)
    {
        nn.Module<Tensor, Tensor> Conv() => nn.Conv2d(8, 8, 3, padding: 1, bias: false);
        var parts = new List<nn.Module<Tensor, Tensor>> { Conv(), nn.BatchNorm2d(8), nn.ReLU(), Conv() };
        if (end != "convolution") parts.Add(nn.BatchNorm2d(8));
        if (end == "activation") parts.Add(nn.SiLU());
        var ours = end == "inner" ? new Layers(parts[0], parts[1], parts[2], new Layers(parts[3], parts[4])) : new Layers(parts);
        var theirs = nn.Sequential(parts);
        var (x, beside) = (randn(4, 8, 6, 6), randn(4, 8, 6, 6));
        foreach (var training in new[] { true, false })
        {
            ours.train(training);
            theirs.train(training);
            using var off = training ? null : no_grad();
            // The sum comes before nothing but the end: an activation at the end is of the layers alone.
            Assert.True(ours.CallAndAdd(x, beside).allclose(theirs.call(x) + beside, 1e-4, 1e-5), $"training {training}");
            Assert.True(ours.call(x).allclose(theirs.call(x), 1e-4, 1e-5), $"training {training}");
        }
    }

    [Fact]
    public void Call_WithoutGradients_KeepsNoMapButTheLast()
    {
        var layers = new Layers([.. Enumerable.Range(0, 6).Select(_ => nn.Conv2d(8, 8, 3, padding: 1))]);
        using var off = no_grad();
        var x = randn(1, 8, 6, 6);
        var most = 0L;
        foreach (var layer in layers.children().Cast<nn.Module<Tensor, Tensor>>())
        {
            layer.register_forward_hook((_, _, y) =>
            {
                most = Math.Max(most, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
                return y;
            });
        }
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        layers.call(x).Dispose();
        Assert.InRange(most - before, 1, 4);
    }

    [Fact]
    public void Create_DepthwiseWeights_HaveTheVarianceOfOneInput()
    {
        using var net = ClassifierNet.Create("mobilenet-v3-large-48", new(1, 48, 48), 7, 0, seed: 1);
        var weight = net.named_parameters().Single(p => p.name == "features.15.block.1.0.weight").parameter;
        Assert.Equal([960, 1, 5, 5], weight.shape);
        Assert.Equal(2.0 / 25, weight.square().mean().item<float>(), .004);
    }

    /// <summary>
    /// Sixteen branches that all speak at once give logits of a width of two or more: a loss well above ln 7 = 1.95.
    /// </summary>
    [Fact]
    public void Create_ResNet50_BeginsByGuessingAlikeForAll()
    {
        using var net = ClassifierNet.Create("resnet50", new(1, 48, 48), 7, 0, seed: 1);
        var (x, labels) = (rand([64, 1, 48, 48], generator: new(1)) * 2 - 1, arange(64) % 7);
        var loss = nn.functional.cross_entropy(net.call(x), labels).item<float>();
        Assert.InRange(loss, 1.5, 2.2);

        var weights = net.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        float Largest(string name) => weights[name].abs().max().item<float>();
        Assert.Equal((1, 0, 1), (Largest("layer1.0.bn3.weight"), Largest("layer1.1.bn3.weight"), Largest("layer1.1.bn2.weight")));
    }

    public void Dispose() => _scope.Dispose();
}
