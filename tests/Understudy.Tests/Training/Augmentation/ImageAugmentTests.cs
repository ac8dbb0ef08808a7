using Understudy.Common;
using Understudy.Tests.Networks.Classifiers;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Augmentation;

[Collection("torch")]
public sealed class ImageAugmentTests
{
    private static Tensor Images(int n = 6, int c = 2, int h = 10, int w = 8) => PyTorchOracle.Wave("images", .9, n, c, h, w);

    [Fact]
    public void Flip_Twice_IsNothing()
    {
        using var scope = NewDisposeScope();
        var x = Images();
        bool[] which = [true, false, true, true, false, false];
        var once = ImageAugment.Flip(x, which);
        Assert.True(once[0].eq(x[0].flip(2)).all().item<bool>());
        Assert.True(once[1].eq(x[1]).all().item<bool>());
        Assert.True(ImageAugment.Flip(once, which).eq(x).all().item<bool>());
    }

    [Fact]
    public void Warp_WithoutMovement_IsNothing()
    {
        using var scope = NewDisposeScope();
        var x = Images();
        AssertClose(x, ImageAugment.Warp(x, [.. Enumerable.Repeat(new Similarity(0, 0, 0, 1), 6)]));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(-3, 1)]
    [InlineData(0, -4)]
    public void Warp_WholePixels_MovesTheContentAndRepeatsTheBorder(int right, int down)
    {
        using var scope = NewDisposeScope();
        var x = Images(1, 1, 10, 8);
        var rows = tensor(Enumerable.Range(0, 10).Select(y => (long)Math.Clamp(y - down, 0, 9)).ToArray());
        var columns = tensor(Enumerable.Range(0, 8).Select(c => (long)Math.Clamp(c - right, 0, 7)).ToArray());
        AssertClose(x.index_select(2, rows).index_select(3, columns), ImageAugment.Warp(x, [new(right, down, 0, 1)]));
    }

    [Fact]
    public void Warp_QuarterTurn_IsClockwise()
    {
        using var scope = NewDisposeScope();
        var x = Images(1, 1, 9, 9);
        AssertClose(x.transpose(2, 3).flip(3), ImageAugment.Warp(x, [new(0, 0, 90, 1)]));
    }

    /// <summary>
    /// Bilinear interpolation is exact on planes, so a similarity of a plane has a closed form away from the border.
    /// </summary>
    [Fact]
    public void Warp_APlaneOnAnOblongImage_FollowsTheFormula()
    {
        using var scope = NewDisposeScope();
        const int H = 24, W = 40;
        double Plane(double x, double y) => .01 * x - .02 * y;
        var move = new Similarity(1.5, -.75, 10, 1.1);
        var values = Enumerable.Range(0, H * W).Select(i => (float)Plane(i % W, i / W)).ToArray();
        var warped = ImageAugment.Warp(tensor(values, 1, 1, H, W), [move]).data<float>().ToArray();
        var (sin, cos) = Math.SinCos(Math.PI / 18);
        foreach (var (x, y) in new[] { (20, 12), (12, 8), (28, 15) })
        {
            var (u, v) = (x - (W - 1) / 2.0 - move.Right, y - (H - 1) / 2.0 - move.Down);
            var expected = Plane((W - 1) / 2.0 + (cos * u + sin * v) / 1.1, (H - 1) / 2.0 + (cos * v - sin * u) / 1.1);
            Assert.Equal(expected, warped[y * W + x], 1e-5);
        }
    }

    [Fact]
    public void Photometric_HandWorkedImage_ScalesAboutItsMean()
    {
        using var scope = NewDisposeScope();
        var y = ImageAugment.Photometric(tensor([-.5f, .5f, .1f, -.1f], 1, 1, 2, 2), [.25f], [1.6f]).data<float>().ToArray();
        Assert.Equal([-.55f, 1f, .41f, .09f], y, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Erase_ARectangle_ChangesOnlyItsPixels()
    {
        using var scope = NewDisposeScope();
        var x = Images(2, 2, 10, 8).add(2);
        var y = ImageAugment.Erase(x, [new(2, 3, 4, 5), default]);
        Assert.True(y[1].eq(x[1]).all().item<bool>());
        Assert.Equal(2 * 4 * 5, y[0].eq(0).sum().item<long>());
        Assert.True(y[0].narrow(1, 2, 4).narrow(2, 3, 5).eq(0).all().item<bool>());
        Assert.True(y[0].ne(0).logical_and(y[0].ne(x[0])).any().logical_not().item<bool>());
    }

    [Fact]
    public void Apply_SameKey_SameBits_OtherStep_Others()
    {
        using var scope = NewDisposeScope();
        var x = Images(6, 1, 16, 16);
        Tensor At(long step) => ImageAugment.Apply(x, new(), 7, step);
        Assert.True(At(3).eq(At(3)).all().item<bool>());
        Assert.False(At(3).eq(At(4)).all().item<bool>());
        Assert.InRange(At(3).abs().max().item<float>(), 0, 1);
    }

    [Fact]
    public void Apply_NothingAsked_GivesTheImagesBack()
    {
        using var scope = NewDisposeScope();
        var x = Images();
        Assert.True(ImageAugment.Apply(x, ImageAugmentOptions.None, 7, 0).eq(x).all().item<bool>());
    }

    [Fact]
    public void Apply_OneChangeOff_LeavesTheOtherDrawsAlone()
    {
        using var scope = NewDisposeScope();
        var x = Images(32, 1, 16, 16);
        var flipped = ImageAugment.Apply(x, ImageAugmentOptions.None with { Flip = true }, 7, 0);
        var erased = ImageAugment.Apply(x, ImageAugmentOptions.None with { Flip = true, Erasing = 1 }, 7, 0);
        Assert.True(erased.eq(flipped).logical_or(erased.eq(0)).all().item<bool>());
        Assert.False(erased.eq(flipped).all().item<bool>());
    }

    [Fact]
    public void Rectangles_ManyDraws_LieInsideAndCoverTwoToTwentyPercent()
    {
        var random = new KeyedRandom(1);
        for (int i = 0; i < 500; i++)
        {
            var r = Rectangle.Next(random, 32, 32);
            Assert.True(r is { Top: >= 0, Left: >= 0, Height: > 0, Width: > 0 } && r.Top + r.Height <= 32
                && r.Left + r.Width <= 32, r.ToString());
            Assert.InRange(r.Height * r.Width, .01 * 1024, .25 * 1024);
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-5);
    }
}
