using TorchSharp;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Tests.Networks.Classifiers;
using Understudy.Training;
using Understudy.Training.Classification;
using Understudy.Training.Losses;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

[Collection("torch")]
public sealed class RunningNetTests
{
    private const int Side = 32;

    private static Tensor Targets => LabelEncoding.OneHot([0, 1, 2, 2, 1, 0], 3);

    /// <summary>One of every kind of layer: residual, plain, depthwise, squeeze-and-excitation.</summary>
    public static TheoryData<string, int> Networks => new()
    {
        { "recipe-a", 1 }, { "proposal-cnn", 1 }, { "vgg8", 3 }, { "mini-xception", 1 }, { "mobilenet-v3-small-48", 3 },
        { "efficientnet-b0-48", 1 },
    };

    [Theory, MemberData(nameof(Networks))]
    public void Logits_OfBFloat16_AreNearFloat32AndLeaveTheMastersAlone(string arch, int channels)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var pair = new Pair(arch, channels, Precision.BFloat16);
        var images = Formula.Image(6, channels, Side);
        pair.Running.Net.eval();
        pair.Master.eval();
        var (rounded, exact) = (pair.Running.Logits(images), pair.Master.call(images));
        Assert.Equal(ScalarType.Float32, rounded.dtype);
        var difference = ((rounded - exact).norm() / exact.norm()).item<float>();
        Assert.InRange(difference, 1e-5f, .05f);
        Assert.All(pair.Master.named_parameters(), p => Assert.Equal(ScalarType.Float32, p.parameter.dtype));
    }

    [Theory, MemberData(nameof(Networks))]
    public void Logits_OfFloat32_AreTheMastersOwnInAnotherLayout(string arch, int channels)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var pair = new Pair(arch, channels, Precision.Float32);
        Assert.Same(pair.Master, pair.Running.Net);
        var images = Formula.Image(6, channels, Side);
        pair.Master.eval();
        Assert.True((pair.Running.Logits(images) - pair.Master.call(images)).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void Backward_OfBFloat16_GivesTheMastersNearlyFloat32sGradientAndStatistics()
    {
        using var scope = NewDisposeScope();
        using var rounded = new Pair("recipe-a", 1, Precision.BFloat16);
        using var exact = new Pair("recipe-a", 1, Precision.Float32);
        var images = new Keys(1).Normal("images", 0, 6, 1, Side, Side);
        foreach (var pair in new[] { rounded, exact })
        {
            // Rounded sums near 0 fall on the other side of a rectifier now and then: a tenth to a quarter of the norm, here.
            // What is there already counts for nothing.
            pair.Masters.Gradient.fill_(7);
            pair.Running.Net.train();
            pair.Running.Backward(ClassificationLosses.SoftCrossEntropy(pair.Running.Logits(images), Targets));
        }
        foreach (var ((name, a), (_, b)) in rounded.Masters.Views(rounded.Masters.Gradient)
            .Zip(exact.Masters.Views(exact.Masters.Gradient)))
        {
            Assert.True(((a - b).norm() / b.norm()).item<float>() < .4, name);
        }
        foreach (var (a, b) in rounded.Master.buffers().Zip(exact.Master.buffers())) Assert.True(a.allclose(b, 2e-2, 2e-2));
    }

    [Theory]
    [InlineData("recipe-a")]
    [InlineData("mobilenet-v3-small-48")]
    public void Backward_OfBFloat16_StepByStep_OverfitsOneBatch(string arch)
    {
        using var scope = NewDisposeScope();
        using var pair = new Pair(arch, 1, Precision.BFloat16);
        using var optimiser = new Adam(pair.Masters, 2e-3);
        var images = Formula.Image(6, 1, Side);
        pair.Running.Net.train();
        var loss = double.NaN;
        for (int step = 0; step < 25 && !(loss < .1); step++)
        {
            using var inner = NewDisposeScope();
            pair.Running.Refresh();
            var value = ClassificationLosses.SoftCrossEntropy(pair.Running.Logits(images), Targets);
            pair.Running.Backward(value);
            optimiser.Step();
            loss = value.item<float>();
        }
        Assert.True(loss < .1, $"{arch}: {loss:0.000} after 25 steps");
    }

    [Fact]
    public void Refresh_AfterTheMastersChanged_RoundsThemAnew()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var pair = new Pair("screening", 1, Precision.BFloat16);
        pair.Masters.Values.fill_(1 + 1f / 1024);
        pair.Running.Refresh();
        foreach (var (name, parameter) in pair.Running.Net.named_parameters())
            Assert.True(parameter.eq(parameter.dtype == ScalarType.BFloat16 ? 1 : 1 + 1f / 1024).all().item<bool>(), name);
    }

    [Fact]
    public void Dispose_Afterwards_LeavesNoTensorBehind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
        {
            using var pair = new Pair("screening", 1, Precision.BFloat16);
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private sealed class Pair : IDisposable
    {
        public Pair(string arch, int channels, Precision precision)
        {
            Master = ClassifierNet.Create(arch, new(channels, Side, Side), 3, dropout: 0, seed: 5);
            Masters = new(Master);
            Running = new(Masters, precision, () => ClassifierNet.Uninitialised(arch, new(channels, Side, Side), 3, dropout: 0));
        }

        public nn.Module<Tensor, Tensor> Master { get; }

        public FlatParameters Masters { get; }

        public RunningNet Running { get; }

        public void Dispose()
        {
            Running.Dispose();
            Masters.Dispose();
            Master.Dispose();
        }
    }
}
