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
