using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

[Collection("torch")]
public sealed class BatchesTests
{
    private static readonly ImageSet Set = Stripes.Draw(10);

    private static Batches Make(Selection selection, int batch = 4, ulong seed = 1, int side = 16,
        params (string Name, ImageSet Set)[] more) =>
        new(selection, more.Append(("set", Set)).ToDictionary(p => p.Item1, p => p.Item2), side, batch, seed);

    [Fact]
    public void At_OnePass_ShowsImagesOnceWithTheirTargets_AndLeavesOutTheRest()
    {
        using var scope = NewDisposeScope();
        var batches = Make(Selection.Of("set", Set));
        Assert.Equal((10, 2), (batches.Count, batches.PerPass));
        var seen = new List<int>();
        for (int step = 0; step < 2; step++)
        {
            var batch = batches.At(step);
            Assert.Equal([4, 1, 16, 16], batch.Images.shape);
            for (int i = 0; i < 4; i++)
            {
                var at = Enumerable.Range(0, 10).Single(k => Batches.Images(Set, k, 1)[0].eq(batch.Images[i]).all().item<bool>());
                Assert.Equal(1, batch.Targets[i, Set.Labels[at]].item<float>());
                Assert.Equal(1, batch.Targets[i].sum().item<float>());
                seen.Add(at);
            }
        }
        Assert.Equal(8, seen.Distinct().Count());
    }

    [Fact]
    public void At_AnyStep_DependsOnSeedAndStepOnly()
    {
        using var scope = NewDisposeScope();
        var (one, two) = (Make(Selection.Of("set", Set)), Make(Selection.Of("set", Set)));
        one.At(0);
        one.At(9);
        Assert.True(one.At(5).Images.eq(two.At(5).Images).all().item<bool>());
        Assert.False(one.At(5).Images.eq(one.At(7).Images).all().item<bool>());
        Assert.False(one.At(5).Images.eq(Make(Selection.Of("set", Set), seed: 2).At(5).Images).all().item<bool>());
    }

    [Fact]
    public void Images_Bytes_BecomeMinusOneToOne()
    {
        using var scope = NewDisposeScope();
        var set = new ImageSet(new(["a", "b"]), new(1, 1, 3), ["x", "y"], [0, 1], [9, 9, 9, 0, 51, 255]);
        Assert.Equal([-1f, -.6f, 1f], Batches.Images(set, 1, 1).data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void At_SelectionSmallerThanABatch_IsOneBatch()
    {
        using var scope = NewDisposeScope();
        var batches = Make(Selection.Of("set", Set, [1, 2, 3]), batch: 128);
        Assert.Equal(1, batches.PerPass);
        Assert.Equal(3, batches.At(0).Images.shape[0]);
    }

    [Fact]
    public void At_SoftLabelsAndWeights_ArePassedOn()
    {
        using var scope = NewDisposeScope();
        var batch = Make(new(Stripes.Classes, [new("set", "s0001", 1, 3, "", [.2f, .5f, .3f]), new("set", "s0001", 2, 1)]),
            batch: 2).At(0);
        var soft = batch.Weights[0].item<float>() > 1 ? 0 : 1;
        Assert.Equal([.2f, .5f, .3f], batch.Targets[soft].data<float>().ToArray());
        Assert.Equal([0f, 0, 1], batch.Targets[1 - soft].data<float>().ToArray());
        Assert.Equal((1.5f, .5f), (batch.Weights[soft].item<float>(), batch.Weights[1 - soft].item<float>()));
    }

    [Fact]
    public void Construction_OtherSide_UsesTheOneResizer()
    {
        using var scope = NewDisposeScope();
        var other = Stripes.Draw(4, seed: 9, side: 24);
        var batches = Make(new(Stripes.Classes, [new("set", "s0003", 0), new("other", "s0002", 0), new("set", "s0001", 0)]), 3,
            1, 12, ("other", other));
        var expected = Batches.Images(Resizer.Resize(other, 12, 12), 2, 1)[0];
        var batch = batches.At(0).Images;
        Assert.Single(Enumerable.Range(0, 3), i => batch[i].eq(expected).all().item<bool>());
    }

    [Fact]
    public void Construction_MistakesInTheSelection_AreNamed()
    {
        string Message(params SelectedImage[] rows) => Assert.Throws<OptionException>(() => Make(new(Stripes.Classes, rows),
            more: [("colour", Stripes.Draw(3, channels: 3)),
                ("birds", new(new(["owl", "crow"]), new(1, 1, 1), ["o"], [0], [1]))])).Message;
        Assert.Equal("selection: 1 images; training needs at least 2", Message(new SelectedImage("set", "s0001", 0)));
        Assert.StartsWith("selection: source 'fake' is not given; there are: ",
            Message(new("set", "s0001", 0), new("fake", "s0001", 0)), StringComparison.Ordinal);
        Assert.StartsWith("selection: image 's9999' is not in 'set'", Message(new("set", "s0001", 0), new("set", "s9999", 0)),
            StringComparison.Ordinal);
        Assert.StartsWith("selection: 'birds' has the classes [owl, crow]",
            Message(new("set", "s0001", 0), new("birds", "o", 0)), StringComparison.Ordinal);
        Assert.StartsWith("selection: 'set' has 1 channels, 'colour' has 3 channels",
            Message(new("set", "s0001", 0), new("colour", "s0001", 0)), StringComparison.Ordinal);
        Assert.Contains("2 probabilities of sum 1;", Message(new("set", "s0001", 0), new("set", "s0002", 0, Soft: [.5f, .5f])),
            StringComparison.Ordinal);
    }
}
