using Understudy.Tests.Networks.Classifiers;
using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Losses;

[Collection("torch")]
public sealed class ClassificationLossesTests
{
    [Fact]
    public void SoftAndLabelLoss_OnOneHotTargets_AgreeWithPyTorch()
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = (PyTorchOracle.Wave("logits", 3, 4, 5), tensor([1L, 0, 4, 2]));
        var oneHot = nn.functional.one_hot(labels, 5).to(ScalarType.Float32);
        Assert.Equal(PyTorchOracle.Number("cross_entropy"), ClassificationLosses.CrossEntropy(logits, labels).item<float>(),
            1e-6);
        Assert.Equal(PyTorchOracle.Number("cross_entropy"), ClassificationLosses.SoftCrossEntropy(logits, oneHot).item<float>(),
            1e-6);
        Assert.Equal(PyTorchOracle.Number("cross_entropy_smooth"),
            ClassificationLosses.SoftCrossEntropy(logits, ClassificationLosses.Smooth(oneHot, .1)).item<float>(), 1e-6);
        var soft = nn.functional.softmax(PyTorchOracle.Wave("soft", 2, 4, 5), 1);
        Assert.Equal(PyTorchOracle.Number("cross_entropy_soft"),
            ClassificationLosses.SoftCrossEntropy(logits, soft).item<float>(), 1e-6);
    }

    /// <summary>Equal logits are taken for the shares: −ln .9 and −ln .1; at τ = 2 for .81 and .01 of .82.</summary>
    [Fact]
    public void Adjust_HandWorkedShares_MakesTheRareClassTheDearer()
    {
        using var scope = NewDisposeScope();
        var (logits, logShares) = (zeros(1, 2), tensor([.9f, .1f]).log());
        float Loss(long label, double tau) =>
            ClassificationLosses.CrossEntropy(ClassificationLosses.Adjust(logits, logShares, tau), tensor([label])).item<float>();
        Assert.Equal(.1053605, Loss(0, 1), 1e-6);
        Assert.Equal(2.3025851, Loss(1, 1), 1e-6);
        Assert.Equal(4.4067192, Loss(1, 2), 1e-5);
        Assert.Equal(.6931472, Loss(1, 0), 1e-6);
    }

    [Fact]
    public void SoftAndLabelLoss_AdjustedOnOneHotTargets_Agree()
    {
        using var scope = NewDisposeScope();
        var labels = tensor([1L, 0, 4, 2]);
        var logits = ClassificationLosses.Adjust(PyTorchOracle.Wave("logits", 3, 4, 5),
            tensor([.4f, .3f, .1f, .15f, .05f]).log(), 1);
        Assert.Equal(ClassificationLosses.CrossEntropy(logits, labels).item<float>(),
            ClassificationLosses.SoftCrossEntropy(logits, nn.functional.one_hot(labels, 5).to(ScalarType.Float32)).item<float>(),
                1e-6);
    }

    [Fact]
    public void SoftCrossEntropy_Weights_CountEachRowThatOften()
    {
        using var scope = NewDisposeScope();
        var logits = PyTorchOracle.Wave("logits", 3, 4, 5);
        var targets = nn.functional.one_hot(tensor([1L, 0, 4, 2]), 5).to(ScalarType.Float32);
        float Row(int i) => ClassificationLosses.SoftCrossEntropy(logits.narrow(0, i, 1), targets.narrow(0, i, 1)).item<float>();
        var weighted = ClassificationLosses.SoftCrossEntropy(logits, targets, tensor([2f, 0, 1, 1])).item<float>();
        Assert.Equal((2 * Row(0) + Row(2) + Row(3)) / 4, weighted, 1e-6);
    }
}
