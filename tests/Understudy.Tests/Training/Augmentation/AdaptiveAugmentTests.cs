using TorchSharp;
using Understudy.Common;
using Understudy.Tests.Networks;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Augmentation;

[Collection("torch")]
public sealed class AdaptiveAugmentTests
{
    private static readonly AugmentPolicy s_everything = AugmentPolicy.Of(AugmentKind.Bgcfnc)!;

    [Theory]
    [InlineData(1), InlineData(3)]
    public void Apply_Everything_HasFirstAndSecondDerivatives(int channels)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3);
        var images = randn([2, channels, 22, 22], dtype: ScalarType.Float64, generator: random);

        FiniteDifferences.Check(x => AdaptiveAugment.Apply(x[0].square(), s_everything, 0.9, new KeyedRandom(5)), images);
    }

    [Fact]
    public void Apply_ProbabilityZero_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        var images = rand([3, 3, 24, 24], generator: new torch.Generator(1));

        Near.Equal(images, AdaptiveAugment.Apply(images, s_everything, 0, new KeyedRandom(1)), 1e-5);
    }

    [Fact]
    public void Apply_OneImageMoved_LeavesTheOthersThroughTheWarp()
    {
        using var scope = NewDisposeScope();
        var images = rand([2, 1, 32, 32], generator: new torch.Generator(1));

        var y = GeometricWarp.Apply(images, [Affine.Identity, Affine.Rotate(0.3)]);

        Near.Equal(images[0], y[0], 1e-4);
        Assert.True(Near.MaxDifference(images[1], y[1]) > 0.1);
    }

    [Fact]
    public void Warp_FlipAndQuarterTurn_MoveASmoothImageAsTheyShould()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (linspace(-1, 1, 24).reshape(1, 1, 1, 24), linspace(-1, 1, 24).reshape(1, 1, 24, 1));
        var images = (2 * x + y).sin() * (1 - 0.3 * x);

        Near.Equal(images.flip(3), GeometricWarp.Apply(images, [Affine.Scale(-1, 1)]), 0.05);
        Near.Equal(images.rot90(1, (2, 3)), GeometricWarp.Apply(images, [Affine.Rotate(Math.PI / 2)]), 0.05);
    }

    [Fact]
    public void Apply_Half_HappensToAboutHalfIndependently()
    {
        using var scope = NewDisposeScope();
        var images = ones(2000, 1, 4, 4);

        var y = AdaptiveAugment.Apply(images, new AugmentPolicy { Brightness = 1 }, 0.5, new KeyedRandom(9)).narrow(2, 0, 1)
            .narrow(3, 0, 1) - 1;

        Assert.InRange(y.abs().gt(1e-6).sum().item<long>(), 900, 1100);
        var moved = y.masked_select(y.abs().gt(1e-6));
        Assert.Equal(0.2, moved.std().item<float>(), 0.02);
        Assert.Equal(0, moved.mean().item<float>(), 0.02);
    }

    [Fact]
    public void Apply_SameKey_SameBits()
    {
        using var scope = NewDisposeScope();
        var images = rand([4, 1, 24, 24], generator: new torch.Generator(1));

        var (a, b) = (AdaptiveAugment.Apply(images, s_everything, 0.7, new KeyedRandom(2)),
            AdaptiveAugment.Apply(images, s_everything, 0.7, new KeyedRandom(2)));

        Assert.Equal(0, Near.MaxDifference(a, b));
    }

    [Fact]
    public void Apply_WhatCannotBe_SaysWhatToChoose()
    {
        using var scope = NewDisposeScope();

        Assert.Equal("augment: colour needs images of 1 or 3 channels, not 2; choose bg", Assert.Throws<OptionException>(
            () => AdaptiveAugment.Apply(ones(1, 2, 32, 32), AugmentPolicy.Of(AugmentKind.Bgc)!, 1, new KeyedRandom(1))).Message);
        Assert.Equal("augment: the band filter needs images of 22 pixels, not 16×16; choose bgc", Assert.Throws<OptionException>(
            () => AdaptiveAugment.Apply(ones(1, 1, 16, 16), AugmentPolicy.Of(AugmentKind.Bgcf)!, 1, new KeyedRandom(1))).Message);
    }

    /// <summary>Of everything, each smaller set is a part.</summary>
    [Fact]
    public void Of_NamedSets_GrowFromOneToTheNext()
    {
        AugmentKind[] order = [AugmentKind.Bg, AugmentKind.Bgc, AugmentKind.Bgcf, AugmentKind.Bgcfn, AugmentKind.Bgcfnc];
        int[] sizes = [7, 12, 13, 14, 15];
        static double[] Values(AugmentKind kind) =>
            [.. typeof(AugmentPolicy).GetProperties().Where(p => p.PropertyType == typeof(double))
            .Select(p => (double)p.GetValue(AugmentPolicy.Of(kind))!)];
        Assert.Equal(sizes, order.Select(k => (int)Values(k).Sum()));
        foreach (var (smaller, larger) in order.Zip(order.Skip(1)))
            Assert.All(Values(smaller).Zip(Values(larger)), v => Assert.True(v.First <= v.Second));
        Assert.Equal(Values(AugmentKind.Bg), Values(AugmentKind.Blit).Zip(Values(AugmentKind.Geom), (a, b) => a + b));
        Assert.Equal(Values(AugmentKind.Bgc), Values(AugmentKind.Bg).Zip(Values(AugmentKind.Color), (a, b) => a + b));
        Assert.All(new[] { AugmentKind.None, AugmentKind.Flip, AugmentKind.DiffAugment }, k => Assert.Null(AugmentPolicy.Of(k)));
    }
}
