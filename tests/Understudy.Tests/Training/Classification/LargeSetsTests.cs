using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

/// <summary>Images that fit into memory as they are, and not at the side that a network takes.</summary>
[Collection("torch")]
public sealed class LargeSetsTests
{
    [Fact]
    public void Probabilities_OfASetThatIsTooLargeOnceResized_ResizesSomeAtATime()
    {
        using var folder = new TempFolder();
        var options = ClassifierOptions.For("screening") with { Size = 1024, EarlySize = 1024 };
        using (var net = ClassifierNet.Create("screening", new(1, 1024, 1024), 3, 0, 4))
            TrainedClassifier.Save(folder["c"], net, new(options, Stripes.Classes, 1, "split", 1, new(1, 1, 0, 0, 0)));
        using var classifier = TrainedClassifier.Load(folder["c"]);
        // Cancelled before the first batch: to resize them all would be refused before.
        Assert.Throws<OperationCanceledException>(() => ClassifierPredictor.Probabilities(
            classifier, Stripes.Draw(2100, side: 4), cancel: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Probabilities_ResizedSomeAtATime_AreThoseOfTheResizedSet()
    {
        using var scope = NewDisposeScope();
        var set = Stripes.Draw(300, side: 4);
        float[,] Pixels(ImageSet images, int? side) => ClassifierPredictor.Probabilities(
            x => x.flatten(1).narrow(1, 10, 3), images, 3, flipAverage: true, ProgressSink.None, "predict", default, side);
        Assert.Equal(Pixels(Resizer.Resize(set, 6, 6), null), Pixels(set, 6));
    }

    [Fact]
    public void Batches_OfMoreThanAnArrayHolds_ResizeTheirOwn()
    {
        using var scope = NewDisposeScope();
        var set = Stripes.Draw(2100, side: 2);
        var sets = new Dictionary<string, ImageSet> { ["one"] = set };
        Assert.Equal([4L, 1, 1024, 1024], new Batches(Selection.Of("one", set), sets, 1024, 4, 1).At(0).Images.shape);
    }

    [Fact]
    public void Batches_ResizedEachByItself_AreThoseOfTheResizedSets()
    {
        using var scope = NewDisposeScope();
        var (one, two) = (Stripes.Draw(40, side: 4), Stripes.Draw(30, seed: 2, side: 6));
        var selection = new Selection(Stripes.Classes, [.. Selection.Of("one", one).Rows.Skip(3), .. Selection.Of("two", two).Rows]);
        var sets = new Dictionary<string, ImageSet> { ["one"] = one, ["two"] = two };
        var (atOnce, each) = (new Batches(selection, sets, 6, 16, 1), new Batches(selection, sets, 6, 16, 1, mostResized: 0));
        for (int step = 0; step < 6; step++)
            Assert.True(atOnce.At(step).Images.eq(each.At(step).Images).all().item<bool>(), $"step {step}");
    }
}
