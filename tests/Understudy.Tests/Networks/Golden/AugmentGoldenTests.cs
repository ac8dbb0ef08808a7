using Understudy.Training.Augmentation;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Golden;

[Collection("torch")]
public sealed class AugmentGoldenTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-3;

    public static TheoryData<string> Sets => GoldenSets.With("augment.safetensors");

    [Theory, MemberData(nameof(Sets))]
    public void AdaptiveAugment_EveryTransformAtItsPercentile_EqualsTheReference(string set)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenFile(set, "augment.safetensors");
        var worst = new Dictionary<string, double>();
        Assert.NotEmpty(golden.Case.AsArray());
        foreach (var c in golden.Case.AsArray())
        {
            var (transform, name) = (c!["transform"]!.GetValue<string>(), c["output"]!.GetValue<string>());
            var images = golden[c["input"]!.GetValue<string>()];

            var y = AdaptiveAugment.Apply(images, Policy(transform),
                AugmentRandom.AtPercentile(c["percentile"]!.GetValue<double>()));

            worst[transform] = Math.Max(worst.GetValueOrDefault(transform), Near.MaxDifference(y, golden[name]));
        }
        output.WriteLine($"{Path.GetFileName(set)}: {string.Join(", ", worst.Select(w => $"{w.Key} {w.Value:g2}"))}");
        Assert.All(worst, w => Assert.True(w.Value <= Tolerance, $"{w.Key} differs by up to {w.Value:g3}"));
    }

    [Theory, MemberData(nameof(Sets))]
    public void Wavelets_Buffers_EqualTheReference(string set)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenFile(set, "augment.safetensors");

        Near.Equal(golden["Hz_geom"], tensor(Wavelets.Geometry), 1e-6);
        Near.Equal(golden["Hz_fbank"], stack(Wavelets.Bands.Select(b => tensor(b))), 1e-6);
    }

    private static AugmentPolicy Policy(string transform) => transform switch
    {
        "xflip" => new() { XFlip = 1 },
        "rotate90" => new() { Rotate90 = 1 },
        "xint" => new() { IntegerTranslation = 1 },
        "scale" => new() { Scale = 1 },
        "rotate" => new() { Rotation = 1 },
        "aniso" => new() { Anisotropic = 1 },
        "xfrac" => new() { FractionalTranslation = 1 },
        "brightness" => new() { Brightness = 1 },
        "contrast" => new() { Contrast = 1 },
        "lumaflip" => new() { LumaFlip = 1 },
        "hue" => new() { Hue = 1 },
        "saturation" => new() { Saturation = 1 },
        "imgfilter" => new() { BandFilter = 1 },
        "noise" => new() { Noise = 1 },
        "cutout" => new() { Cutout = 1 },
        _ => AugmentPolicy.Of(Enum.Parse<AugmentKind>(transform, ignoreCase: true))!,
    };
}
