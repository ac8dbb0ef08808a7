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
