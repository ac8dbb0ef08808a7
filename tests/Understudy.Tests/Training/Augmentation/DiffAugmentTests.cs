using Understudy.Common;
using Understudy.Training;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;
using static Understudy.Tests.Training.Augmentation.Distributions;

namespace Understudy.Tests.Training.Augmentation;

[Collection("torch")]
public sealed class DiffAugmentTests
{
    private static Tensor Images(params long[] shape) =>
        arange(shape.Aggregate((a, b) => a * b), dtype: ScalarType.Float32).view(shape) / 100;

    [Fact]
    public void Apply_Identity_ChangesNothing()
    {
        var x = Images(2, 3, 4, 4);
        var y = DiffAugment.Apply(x, [DiffAugmentDraw.Identity, DiffAugmentDraw.Identity]);
        Assert.True(x.eq(y).all().item<bool>());
        Assert.NotSame(x, y);
    }

    [Fact]
    public void Apply_Brightness_AddsToThatImageOnly()
    {
        var x = Images(2, 1, 2, 2);
        var y = DiffAugment.Apply(x, [DiffAugmentDraw.Identity with { Brightness = 0.25f }, DiffAugmentDraw.Identity]);
        Assert.True((x[0] + 0.25).eq(y[0]).all().item<bool>());
        Assert.True(x[1].eq(y[1]).all().item<bool>());
    }

    [Fact]
    public void Apply_Contrast_ScalesAboutTheMean()
    {
        var x = tensor(new[] { 0f, 1f, 2f, 5f }).view(1, 1, 2, 2);           // mean 2
        var y = DiffAugment.Apply(x, [DiffAugmentDraw.Identity with { Contrast = 0.5f }]);
        Assert.Equal([1f, 1.5f, 2f, 3.5f], y.contiguous().data<float>().ToArray());
    }

    [Fact]
    public void Apply_SaturationZero_MakesColourGrey_AndLeavesGreyAlone()
    {
        var x = tensor(new[] { 0f, 1f, 5f }).view(1, 3, 1, 1);
        var draw = DiffAugmentDraw.Identity with { Saturation = 0 };
        Assert.Equal([2f, 2f, 2f], DiffAugment.Apply(x, [draw]).data<float>().ToArray());
        Assert.Equal([7f], DiffAugment.Apply(full([1, 1, 1, 1], 7f), [draw]).data<float>().ToArray());
    }

    [Fact]
    public void Apply_Translation_MovesEveryChannelAndFillsWithZero()
    {
        var x = Images(1, 2, 3, 3) + 1;
        var y = DiffAugment.Apply(x, [DiffAugmentDraw.Identity with { ShiftX = 1, ShiftY = -1 }]);
        var (from, to) = (x.data<float>().ToArray(), y.contiguous().data<float>().ToArray());
        for (int c = 0; c < 2; c++)
        {
            for (int r = 0; r < 3; r++)
            {
                for (int k = 0; k < 3; k++)
                    Assert.Equal(r == 2 || k == 0 ? 0f : from[c * 9 + (r + 1) * 3 + k - 1], to[c * 9 + r * 3 + k]);
            }
        }
    }

    [Fact]
    public void Apply_Cutout_BlanksTheRectangleAfterTheShift()
    {
        var y = DiffAugment.Apply(ones(1, 1, 4, 4), [DiffAugmentDraw.Identity with { Cut = (1, 0, 3, 2) }]);
        Assert.Equal([1f, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1], y.contiguous().data<float>().ToArray());
    }

    /// <summary>
    /// float32 goes in one pass, float64 by libtorch: values, first and second derivatives agree, for grey and colour, with and
    /// without every part.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Apply_Float32_IsWhatLibtorchMakesOfFloat64(int channels)
    {
        DiffAugmentDraw[] draws =
        [
            new(0.2f, 0.5f, 1.25f, 2, -1, (0, 1, 3, 4)), new(-0.25f, 1.5f, 0.75f, -2, 1, null), DiffAugmentDraw.Identity,
            DiffAugmentDraw.Identity with { Cut = (2, 0, 7, 2) }, DiffAugmentDraw.Identity with { ShiftX = 3, ShiftY = 3 },
        ];
        var x = new Keys(3).Normal("x", 0, draws.Length, channels, 6, 7);
        var (whole, exact) = (Derivatives(x), Derivatives(x.to(ScalarType.Float64)));
        foreach (var (mine, theirs) in whole.Zip(exact))
            Assert.True((mine.to(ScalarType.Float64) - theirs).abs().max().item<double>() < 2e-5);

        Tensor[] Derivatives(Tensor at)
        {
            var leaf = at.detach().clone().requires_grad_();
            var y = DiffAugment.Apply(leaf, draws);
            var gradient = Gradients.Of(y.pow(3).sum() / 3, leaf);
            gradient.square().sum().backward();
            return [y.detach(), gradient.detach(), leaf.grad!];
        }
    }

    /// <summary>
    /// R1 differentiates |∂/∂x f(T(x))|² again. T is affine: for f(y) = Σ y³/3, ∂/∂x = Tᵀ y², and the second derivative is
    /// checked against finite differences in float64.
    /// </summary>
    [Fact]
    public void Apply_SecondDerivative_MatchesFiniteDifferences()
    {
        DiffAugmentDraw[] draws = [new(0.2f, 0.5f, 1.25f, 1, -1, (0, 0, 2, 2)), new(-0.25f, 1.5f, 0.75f, -1, 0, null)];
        var x = (new Keys(3).Normal("x", 0, 2, 3, 4, 4)).to(ScalarType.Float64);
        double Penalty(Tensor at)
        {
            using var scope = NewDisposeScope();
            var leaf = at.detach().clone().requires_grad_();
            return Squared(leaf).item<double>();
        }
        Tensor Squared(Tensor leaf) => Gradients.Of(DiffAugment.Apply(leaf, draws).pow(3).sum() / 3, leaf).square().sum();
        var input = x.clone().requires_grad_();
        Squared(input).backward();
        var analytic = input.grad!.data<double>().ToArray();
        var random = new KeyedRandom(1, "probe");
        for (int k = 0; k < 12; k++)
        {
            var i = random.Next(analytic.Length);
            var step = zeros_like(x);
            step.view(-1)[i] = 1e-5;
            var numeric = (Penalty(x + step) - Penalty(x - step)) / 2e-5;
            Assert.Equal(numeric, analytic[i], 1e-5 * Math.Max(1, Math.Abs(numeric)));
        }
    }

    [Fact]
    public void Draw_ManyTimes_KeepsRatesAndRanges()
    {
        const int n = 10_000;
        var random = new KeyedRandom(11, "draws");
        var draws = Enumerable.Range(0, n).Select(_ => DiffAugment.Draw(random, 0.5, 32, 48)).ToArray();
        var colour = draws.Count(d => d.Brightness != 0);
        var moved = draws.Count(d => d.ShiftX != 0 || d.ShiftY != 0);
        var cut = draws.Count(d => d.Cut is not null);
        Assert.InRange(colour, 4_800, 5_200);
        Assert.InRange(moved, 4_750, 5_200);                                  // half of them, less 1 in 9·13 that stay in place
        Assert.InRange(cut, 4_800, 5_200);
        Assert.InRange(draws.Count(d => d.Brightness != 0 && d.Cut is not null), 2_330, 2_670);
        Assert.Equal((-4, 4, -6, 6),
            (draws.Min(d => d.ShiftY), draws.Max(d => d.ShiftY), draws.Min(d => d.ShiftX), draws.Max(d => d.ShiftX)));
        Assert.All(draws, d =>
        {
            Assert.InRange(d.Brightness, -0.5f, 0.5f);
            Assert.InRange(d.Saturation, 0f, 2f);
            Assert.InRange(d.Contrast, 0.5f, 1.5f);
            if (d.Cut is { } c)
            {
                Assert.True(c is { Left: >= 0, Top: >= 0, Right: <= 48, Bottom: <= 32 } && c.Right - c.Left is >= 12 and <= 24
                    && c.Bottom - c.Top is >= 8 and <= 16);
            }
        });
    }

    [Fact]
    public void Draw_ManyTimes_FollowsItsDistributionsFromImageToImageAnew()
    {
        const int n = 10_000;
        var random = new KeyedRandom(13, "draws");
        var draws = Enumerable.Range(0, n).Select(_ => DiffAugment.Draw(random, 0.5, 32, 48)).ToArray();
        Func<DiffAugmentDraw, bool>[] happened = [d => d.Brightness != 0, d => d.Cut is not null];
        foreach (var h in happened)
        {
            foreach (var lag in new[] { 1, 2, 32 })
            {
                AssertShare($"{lag} images apart", Enumerable.Range(lag, n - lag).Count(i => h(draws[i]) && h(draws[i - lag])),
                    n - lag, 0.25);
            }
        }
        var coloured = draws.Where(happened[0]).ToArray();
        AssertFollows("brightness", coloured.Select(d => (double)d.Brightness), Uniform(-0.5, 0.5));
        AssertFollows("saturation", coloured.Select(d => (double)d.Saturation), Uniform(0, 2));
        AssertFollows("contrast", coloured.Select(d => (double)d.Contrast), Uniform(0.5, 1.5));
        // Of those that are not moved most are not drawn; each of the other places is as likely as any.
        var moved = draws.Where(d => d.ShiftX != 0 && d.ShiftY != 0).ToArray();
        for (int k = 1; k <= 4; k++)
        {
            AssertShare($"{k} down", moved.Count(d => d.ShiftY == k), moved.Length, 1 / 8.0);
            AssertShare($"{k} up", moved.Count(d => d.ShiftY == -k), moved.Length, 1 / 8.0);
        }
        for (int k = 1; k <= 6; k++)
        {
            AssertShare($"{k} right", moved.Count(d => d.ShiftX == k), moved.Length, 1 / 12.0);
            AssertShare($"{k} left", moved.Count(d => d.ShiftX == -k), moved.Length, 1 / 12.0);
        }
        // A cutout begins anywhere from half its size before the image; what hangs over an edge is cut off.
        var cuts = draws.Select(d => d.Cut).OfType<(int Left, int Top, int Right, int Bottom)>().ToArray();
        AssertShare("whole in height", cuts.Count(c => c.Bottom - c.Top == 16), cuts.Length, 17 / 33.0);
        AssertShare("whole in width", cuts.Count(c => c.Right - c.Left == 24), cuts.Length, 25 / 49.0);
    }

    [Theory]
    [InlineData(AugmentKind.None, false)]
    [InlineData(AugmentKind.Flip, true)]
    [InlineData(AugmentKind.DiffAugment, true)]
    public void Augmenter_SameKeySameImages_AndPZeroIsNothing(AugmentKind kind, bool changes)
    {
        var augmenter = new Augmenter(kind, new Keys(5));
        var x = new Keys(1).Normal("x", 0, 16, 1, 8, 8);
        var a = augmenter.Apply(x, 1, "a", 0);
        Assert.True(a.eq(augmenter.Apply(x, 1, "a", 0)).all().item<bool>());
        Assert.Equal(changes, !a.eq(x).all().item<bool>());
        Assert.Equal(changes, !a.eq(augmenter.Apply(x, 1, "a", 1)).all().item<bool>());
        Assert.True(x.eq(augmenter.Apply(x, 0, "a", 0)).all().item<bool>());
        if (kind == AugmentKind.Flip)
            Assert.All(Enumerable.Range(0, 16),
                i => Assert.True(a[i].eq(x[i]).all().item<bool>() || a[i].eq(x[i].flip(2)).all().item<bool>()));
    }
}
