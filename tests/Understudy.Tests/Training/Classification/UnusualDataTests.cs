using TorchSharp;
using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Augmentation;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

/// <summary>Few classes, many, fewer images than a batch, a class that validation lacks: trained to the end.</summary>
[Collection("torch")]
public sealed class UnusualDataTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(2, 40)]
    [InlineData(1000, 40)]
    [InlineData(3, 3)]
    public void Train_ToTheEnd_GivesAClassifierOfAllClasses(int classes, int images)
    {
        var set = Set(classes, images + 10);
        var options = Stripes.Options with { Epochs = 2, Batch = 16, ClassWeighting = .5, Calibrate = true };
        var result = ClassifierTrainer.Train(options, Stripes.Data(set, images, 10), _temp["r"], 1, ProgressSink.None, default);

        var predictions = ClassifierPredictor.Predict(result.File, set);
        Assert.Equal(classes, predictions.Probabilities.GetLength(1));
        for (int i = 0; i < set.Count; i++)
            Assert.InRange(Enumerable.Range(0, classes).Sum(k => predictions.Probabilities[i, k]), .9999f, 1.0001f);
        Assert.Equal(2, result.Curve.Count);
    }

    [Fact]
    public void Train_AClassThatValidationLacks_IsLearntAllTheSame()
    {
        var set = Stripes.Draw(150, noise: 30);
        var validation = set.Subset([.. Enumerable.Range(90, 30).Where(i => set.Labels[i] != 2)]);
        var data = Stripes.Data(set, 90, 30) with { Validation = validation };
        var options = Stripes.Options with { Epochs = 5, Mixup = 0, EarlySize = 16, Augment = ImageAugmentOptions.None };
        var result = ClassifierTrainer.Train(options, data, _temp["r"], 1, ProgressSink.None, default);
        var test = set.Subset([.. Enumerable.Range(120, 30).Where(i => set.Labels[i] == 2)]);
        Assert.InRange(ClassifierPredictor.Predict(result.File, test).Predicted().Count(k => k == 2), 7, 10);
    }

    [Theory]
    [InlineData(4, 16, 16, "set: images of 4 channels; classifiers take grey (1) and RGB (3) ones")]
    [InlineData(1, 16, 24, "set: images of 16×24 would be squeezed into squares; read them with --size N and --crop center, or pad")]
    public void Train_ImagesThatNoClassifierIsMadeOf_AreRefused(int channels, int height, int width, string message)
    {
        var set = new ImageSet(Stripes.Classes, new(channels, height, width), [.. Enumerable.Range(0, 40).Select(i => $"s{i}")],
            [.. Enumerable.Range(0, 40).Select(i => i % 3)], new byte[40 * channels * height * width]);
        var e = Assert.Throws<OptionException>(() =>
            ClassifierTrainer.Train(Stripes.Options, Stripes.Data(set, 30, 10), _temp["r"], 1, ProgressSink.None, default));
        Assert.Equal(message, e.Message);
    }

    /// <summary>Lines of the curve that a power cut took: not the numbers of another epoch.</summary>
    [Fact]
    public void Train_FinishedWithoutTheBestEpochsLine_SaysSo()
    {
        var data = Stripes.Data(Stripes.Draw(40), 30, 10);
        ClassifierResult Train() => ClassifierTrainer.Train(Stripes.Options, data, _temp["r"], 1, ProgressSink.None, default);
        var best = Train().Best;
        var stats = _temp["r/stats.jsonl"];
        var lines = File.ReadAllLines(stats);
        File.WriteAllLines(stats, lines.Where((_, i) => i != best.Epoch % lines.Length));
        Assert.Equal(best, Train().Best);
        File.WriteAllLines(stats, lines.Where((_, i) => i != best.Epoch - 1));
        Assert.Contains($"lacks the epoch {best.Epoch}, the best", Assert.Throws<InvalidDataException>(Train).Message,
            StringComparison.Ordinal);
    }

    /// <summary>256 images of 224×224 would fill the memory with the maps of a first layer.</summary>
    [Theory]
    [InlineData(16, 256)]
    [InlineData(96, 64)]
    public void Probabilities_OfLargeImages_AreAskedForFewAtATime(int side, int most)
    {
        var asked = new List<long>();
        ClassifierPredictor.Probabilities(images =>
        {
            asked.Add(images.shape[0]);
            return torch.zeros(images.shape[0], 3);
        }, Stripes.Draw(300, side: side), 3, false, ProgressSink.None, "predict", default);
        Assert.Equal(most, asked.Max());
        Assert.Equal(300, asked.Sum());
    }

    [Fact]
    public void Train_OneClass_IsRefused()
    {
        var data = Stripes.Data(Set(1, 40), 30, 10);
        Assert.Equal("data: has one class, 'class 0'; a classifier needs two", Assert.Throws<OptionException>(() =>
            ClassifierTrainer.Train(Stripes.Options, data, _temp["r"], 1, ProgressSink.None, default)).Message);
    }

    /// <summary>Stripes, image i of class i, as far as there are classes.</summary>
    private static ImageSet Set(int classes, int count)
    {
        var drawn = Stripes.Draw(count);
        return new(new([.. Enumerable.Range(0, classes).Select(k => $"class {k}")]), drawn.Shape, [.. drawn.Ids],
            [.. Enumerable.Range(0, count).Select(i => i % classes)], drawn.Pixels.ToArray());
    }
}
