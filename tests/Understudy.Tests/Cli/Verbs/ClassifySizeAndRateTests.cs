using Understudy.Cli;
using Understudy.Data;
using Understudy.Tests.Training.Classification;
using Understudy.Training.Classification;

namespace Understudy.Tests.Cli.Verbs;

/// <summary><c>classify train</c>: what a size brings along, and what is said of a rate that is far too high.</summary>
[Collection("torch")]
public sealed class ClassifySizeAndRateTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public ClassifySizeAndRateTests() => ImageSetFile.Save(_temp["set.safetensors"], Stripes.Draw(60));

    public void Dispose() => _temp.Dispose();

    private (int Code, string Error) Train(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] train = ["classify", "train", _temp["set.safetensors"], "--out", _temp["run"], "--batch", "16"];
        var code = CommandLine.Run([.. train, .. args], output, error);
        return (code, error.ToString());
    }

    /// <summary>A larger size than the network's own must not turn on small images first, which nobody asked for.</summary>
    [Fact]
    public void Train_LargerThanTheNetworksOwnSize_IsOfThatSizeThroughout()
    {
        var (code, error) = Train("--size", "40", "--epochs", "1");
        Assert.True(code == 0, error);
        var options = TrainedClassifier.ReadAbout(Path.Combine(_temp["run"], "classifier.safetensors")).Options;
        Assert.Equal((40, 40), (options.Size, options.EarlySize));
    }

    /// <summary>
    /// AdamW's decay of 0.05, multiplied by SGD's rate and grown by momentum, would pull the weights to nothing.
    /// </summary>
    [Theory]
    [InlineData("sgd", .1, 5e-4)]
    [InlineData("adamw", .002, .05)]
    public void Train_AnotherOptimiser_BringsItsRateAndDecay(string optimiser, double rate, double decay)
    {
        var (code, error) = Train("--recipe", optimiser == "sgd" ? "a" : "screening", "--size", "16", "--optimiser", optimiser,
            "--epochs", "1", "--steps", "1");
        Assert.True(code == 0, error);
        var options = TrainedClassifier.ReadAbout(Path.Combine(_temp["run"], "classifier.safetensors")).Options;
        Assert.Equal((rate, decay), (options.PeakRate, options.WeightDecay));
    }

    /// <summary>Another seed splits anew: what tests now trained the weights.</summary>
    [Fact]
    public void Train_GoingOnFromWeightsThatSawTheTestImages_Warns()
    {
        Assert.Equal(0, Train("--size", "16", "--epochs", "1", "--steps", "1").Code);
        Directory.Move(_temp["run"], _temp["first"]);
        var (code, error) = Train("--arch", "screening", "--size", "16", "--epochs", "1", "--steps", "1", "--seed", "1", "--weights",
            _temp["first/classifier.safetensors"]);
        Assert.True(code == 0, error);
        Assert.Matches("warning: [0-9]+ of the [0-9]+ test images have ids that trained or chose the weights in", error);
        Assert.Contains("this is no test of it", CommandRun.Of("classify", "test", _temp["run"], _temp["set.safetensors"]).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Train_FeaturesOfAnUnfrozenTraining_AreRefused()
    {
        ImageSetFile.Save(_temp["w.safetensors"], Stripes.Draw(3));
        var (code, error) = Train("--arch", "screening", "--weights", _temp["w.safetensors"], "--features", _temp["f"]);
        Assert.Equal(2, code);
        Assert.Contains("--features: only --frozen stores features", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_RateFarTooHigh_SaysWhatToDo()
    {
        var (code, error) = Train("--size", "16", "--epochs", "60", "--rate", "100", "--set", "weight_decay=1");
        Assert.Equal(1, code);
        var last = error.TrimEnd('\n').Split('\n')[^1];
        Assert.Matches("^understudy: train classifier: (the loss|a probability in validation) is [^ ]+ at step [0-9]+[.] "
            + "Start anew with a lower peak_rate [(]--rate[)] than 100, in another folder [(]--out[)]: "
            + "this one keeps the options that failed$", last);
    }
}
