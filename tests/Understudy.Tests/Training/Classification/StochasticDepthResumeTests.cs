using Understudy.Common;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

/// <summary>Which blocks a step leaves out is drawn anew in every step: also where the run went on from a checkpoint.</summary>
[Collection("torch")]
public sealed class StochasticDepthResumeTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Train_EfficientNetInterruptedAfterTwoOfFourSteps_EndsInTheSameBytes()
    {
        var data = Stripes.Data(Stripes.Draw(12), 8, 4);
        var options = ClassifierOptions.For("efficientnet-b0-48").AtSize(16) with { Epochs = 1, Steps = 4, Batch = 4 };
        var unbroken = ClassifierTrainer.Train(options, data, _temp["unbroken"], 1, ProgressSink.None, default);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            ClassifierTrainer.Train(options, data, _temp["broken"], 1, new AfterTwoSteps(source), source.Token));
        var resumed = ClassifierTrainer.Train(options, data, _temp["broken"], 1, ProgressSink.None, default);

        Assert.Equal(File.ReadAllBytes(unbroken.File), File.ReadAllBytes(resumed.File));
        Assert.Equal(unbroken.Curve, resumed.Curve);
    }

    private sealed class AfterTwoSteps(CancellationTokenSource source) : ProgressSink
    {
        public override void Report(string task, double done, double total, string unit, string? note = null)
        {
            if (task == "train classifier" && done == 2) source.Cancel();
        }

        public override void Say(string line) { }
    }
}
