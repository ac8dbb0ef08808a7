using Understudy.Common;
using Understudy.Networks.Classifiers;
using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Classifiers;

[Collection("torch")]
public sealed class ResidualCnnTests
{
    [Fact]
    public void Block_TrainingAndEvaluation_EqualPyTorch()
    {
        using var scope = NewDisposeScope();
        var block = PyTorchOracle.Filled(new ResidualBlock(4, 6, 2));
        var x = PyTorchOracle.Wave("x", 1, 2, 4, 6, 6);
        PyTorchOracle.AssertClose("block_train", block.call(x), 2e-5);
        var buffers = block.named_buffers().ToDictionary(b => b.name, b => b.buffer);
        PyTorchOracle.AssertClose("block_running_mean", buffers["bn1.running_mean"], 1e-6);
        PyTorchOracle.AssertClose("block_running_var", buffers["bn1.running_var"], 1e-5);
        block.eval();
        PyTorchOracle.AssertClose("block_eval", block.call(x), 2e-5);
    }

    [Fact]
    public void Net_LogitsAndGradients_EqualPyTorch()
    {
        using var scope = NewDisposeScope();
        var net = PyTorchOracle.Filled(new ResidualCnn(new([4, 8], [1, 2]), new(2, 12, 10), 3, 0));
        var x = PyTorchOracle.Wave("images", 1, 3, 2, 12, 10);
        var logits = net.call(x);
        PyTorchOracle.AssertClose("net_train", logits, 1e-4);
        var targets = ClassificationLosses.Smooth(nn.functional.one_hot(tensor([0L, 2, 1]), 3).to(ScalarType.Float32), .1);
        ClassificationLosses.SoftCrossEntropy(logits, targets).backward();
        var expected = PyTorchOracle.Table("net_gradient_norms");
        var actual = net.named_parameters().ToDictionary(p => p.name, p => (double)p.parameter.grad!.norm().item<float>());
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, norm) in expected)
            Assert.InRange(actual[name], norm - 1e-3 * (norm + .01), norm + 1e-3 * (norm + .01));
        net.eval();
        PyTorchOracle.AssertClose("net_eval", net.call(x), 1e-4);
    }

    [Theory]
    [InlineData(1, 8, 8, 2)]
    [InlineData(3, 33, 50, 10)]
    [InlineData(1, 48, 48, 7)]
    public void Net_AnyShapeAndClasses_GivesFiniteLogits(int channels, int height, int width, int classes)
    {
        using var scope = NewDisposeScope();
        var net = ClassifierNet.Create("screening", new(channels, height, width), classes, .3, 1);
        net.eval();
        var logits = net.call(PyTorchOracle.Wave("x", 1, 2, channels, height, width));
        Assert.Equal([2, classes], logits.shape);
        Assert.True(logits.isfinite().all().item<bool>());
    }

    [Fact]
    public void Options_WidthsWithoutBlocks_AreRefused()
    {
        var e = Assert.Throws<OptionException>(() => new ResidualCnnOptions([8, 16], [1]).Validate());
        Assert.Equal("widths, blocks: 2 widths and 1 block counts; give one of each per stage", e.Message);
    }
}
