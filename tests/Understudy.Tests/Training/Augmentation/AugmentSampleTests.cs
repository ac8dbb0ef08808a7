using Understudy.Common;
using Understudy.Training.Augmentation;
using static Understudy.Tests.Training.Augmentation.Distributions;

namespace Understudy.Tests.Training.Augmentation;

/// <summary>
/// 10,000 draws at p = ½ of everything: each transform happens as often as it should, takes the values it should, and neither
/// another transform nor the image before has a say in it. Seeds are fixed; bounds are those of level 10⁻⁴ or below.
/// </summary>
public sealed class AugmentSampleTests
{
    private const int Count = 10_000;
    private static readonly AugmentSample[] s_draws = Draw();

    /// <summary>Every transform by name: whether it happened to an image.</summary>
    private static readonly (string Name, Func<AugmentSample, bool> Happened, double Rate)[] s_transforms =
    [
        ("x-flip", d => d.XFlip is not null, 0.5),
        ("quarter turn", d => d.QuarterTurns is not null, 0.5),
        ("integer shift", d => d.Shift is not null, 0.5),
        ("scale", d => d.Scale is not null, 0.5),
        ("rotation", d => d.Rotation is not null, 1 - Math.Sqrt(0.5)),
        ("stretch", d => d.Stretch is not null, 0.5),
        ("second rotation", d => d.SecondRotation is not null, 1 - Math.Sqrt(0.5)),
        ("fractional shift", d => d.FractionalShift is not null, 0.5),
        ("brightness", d => d.Brightness is not null, 0.5),
        ("contrast", d => d.Contrast is not null, 0.5),
        ("luma flip", d => d.LumaFlip is not null, 0.5),
        ("hue", d => d.Hue is not null, 0.5),
        ("saturation", d => d.Saturation is not null, 0.5),
        ("band 1", d => d.Bands[0] is not null, 0.5),
        ("band 2", d => d.Bands[1] is not null, 0.5),
        ("band 3", d => d.Bands[2] is not null, 0.5),
        ("band 4", d => d.Bands[3] is not null, 0.5),
        ("noise", d => d.Noise is not null, 0.5),
        ("cutout", d => d.Cutout is not null, 0.5),
    ];

    [Fact]
    public void Draw_EachTransform_HappensAtItsRate()
    {
        foreach (var (name, happened, rate) in s_transforms) AssertShare(name, s_draws.Count(happened), Count, rate);
        AssertShare("one rotation at least", s_draws.Count(d => d.Rotation is not null || d.SecondRotation is not null), Count,
            0.5);
    }

    [Fact]
    public void Draw_AnyTwoTransforms_AreIndependent()
    {
        for (int a = 0; a < s_transforms.Length; a++)
        {
            for (int b = a + 1; b < s_transforms.Length; b++)
            {
                var (x, y) = (s_transforms[a], s_transforms[b]);
                AssertShare($"{x.Name} and {y.Name}", s_draws.Count(d => x.Happened(d) && y.Happened(d)), Count, x.Rate * y.Rate);
            }
        }
    }

    [Fact]
    public void Draw_ImageAfterImage_AreIndependent()
    {
        foreach (var (name, happened, rate) in s_transforms)
        {
            foreach (var lag in new[] { 1, 2, 32 })
                AssertShare($"{name}, {lag} images apart",
                    Enumerable.Range(lag, Count - lag).Count(i => happened(s_draws[i]) && happened(s_draws[i - lag])),
                        Count - lag, rate * rate);
        }
        var brightness = s_draws.Select(d => d.Brightness).OfType<double>().ToArray();
        var correlation = brightness.Zip(brightness.Skip(1), (x, y) => x * y).Average() / brightness.Average(x => x * x);
        Assert.InRange(correlation, -4 / Math.Sqrt(brightness.Length), 4 / Math.Sqrt(brightness.Length));
    }

    [Fact]
    public void Draw_Choices_AreEquallyLikely()
    {
        AssertEqual("x-flip", [.. s_draws.Where(d => d.XFlip is not null).Select(d => d.XFlip!.Value ? 1 : 0)], 2);
        AssertEqual("luma flip", [.. s_draws.Where(d => d.LumaFlip is not null).Select(d => d.LumaFlip!.Value ? 1 : 0)], 2);
        AssertEqual("quarter turn", [.. s_draws.Where(d => d.QuarterTurns is not null).Select(d => d.QuarterTurns!.Value)], 4);
    }

    /// <summary>round(U(−⅛, ⅛)·32): −4 to 4, the two ends half as likely; height 64: −8 to 8.</summary>
    [Fact]
    public void Draw_IntegerShifts_AreRoundedUniforms()
    {
        var shifts = s_draws.Select(d => d.Shift).OfType<(double X, double Y)>().ToArray();
        for (int k = -4; k <= 4; k++)
            AssertShare($"{k} right", shifts.Count(s => s.X == k), shifts.Length, Math.Abs(k) == 4 ? 1 / 16.0 : 1 / 8.0);
        for (int k = -8; k <= 8; k++)
            AssertShare($"{k} down", shifts.Count(s => s.Y == k), shifts.Length, Math.Abs(k) == 8 ? 1 / 32.0 : 1 / 16.0);
    }

    [Fact]
    public void Draw_Values_FollowTheirDistributions()
    {
        AssertFollows("scale", d => Log2(d.Scale), Normal(0.2));
        AssertFollows("stretch", d => Log2(d.Stretch), Normal(0.2));
        AssertFollows("rotation", d => d.Rotation, Uniform(-Math.PI, Math.PI));
        AssertFollows("second rotation", d => d.SecondRotation, Uniform(-Math.PI, Math.PI));
        AssertFollows("fractional shift x", d => d.FractionalShift?.X, Normal(0.125));
        AssertFollows("fractional shift y", d => d.FractionalShift?.Y, Normal(0.125));
        AssertFollows("brightness", d => d.Brightness, Normal(0.2));
        AssertFollows("contrast", d => Log2(d.Contrast), Normal(0.5));
        AssertFollows("hue", d => d.Hue, Uniform(-Math.PI, Math.PI));
        AssertFollows("saturation", d => Log2(d.Saturation), Normal(1));
        for (int band = 0; band < 4; band++) AssertFollows($"band {band + 1}", d => Log2(d.Bands[band]), Normal(1));
        AssertFollows("noise", d => d.Noise, x => 2 * Normal(0.1)(x) - 1);
        AssertFollows("cutout x", d => d.Cutout?.X, Uniform(0, 1));
        AssertFollows("cutout y", d => d.Cutout?.Y, Uniform(0, 1));
    }

    [Fact]
    public void Draw_GreyImages_HaveNoHueOrSaturation()
    {
        var draws = new AugmentRandom(new KeyedRandom(3), 1);
        var d = AugmentSample.Draw(AugmentPolicy.Of(AugmentKind.Bgc)!, draws, 1, 32, 32);
        Assert.Equal((null, null, true), (d.Hue, d.Saturation, d.Contrast is not null));
    }

    private static AugmentSample[] Draw()
    {
        var (policy, draws) = (AugmentPolicy.Of(AugmentKind.Bgcfnc)!, new AugmentRandom(new KeyedRandom(17, "draws"), 0.5));
        return [.. Enumerable.Range(0, Count).Select(_ => AugmentSample.Draw(policy, draws, 3, 64, 32))];
    }

    private static double? Log2(double? x) => x is { } v ? Math.Log2(v) : null;

    private static void AssertEqual(string what, int[] values, int choices)
    {
        for (int k = 0; k < choices; k++) AssertShare($"{what} {k}", values.Count(v => v == k), values.Length, 1.0 / choices);
    }

    private static void AssertFollows(string what, Func<AugmentSample, double?> value, Func<double, double> cdf) =>
        Distributions.AssertFollows(what, s_draws.Select(value).OfType<double>(), cdf);
}
