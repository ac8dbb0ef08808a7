using TorchSharp;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using Understudy.Training;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Tests.Networks.StyleGan2;

[Collection("torch")]
public sealed class GeneratorTests
{
    private static readonly GeneratorOptions s_small =
        new() { Resolution = 16, LabelDim = 3, ZDim = 8, WDim = 8, ChannelBase = 128, ChannelMax = 8 };

    [Theory]
    [InlineData(16, 1, 0), InlineData(32, 3, 7), InlineData(48, 1, 7), InlineData(96, 1, 0)]
    public void Synthesize_EveryArchitecture_MakesImagesAndMovesEveryParameter(int resolution, int channels, int labels)
    {
        foreach (var architecture in Enum.GetValues<Understudy.Networks.StyleGan2.Architecture>())
        {
            using var scope = NewDisposeScope();
            var options = s_small with
            {
                Resolution = resolution,
                Channels = channels,
                LabelDim = labels,
                Architecture = architecture
            };
            using var g = new Generator(options, 1);
            using var random = new torch.Generator(1);
            var c = labels > 0 ? eye(labels).slice(0, 0, 2, 1) : null;

            var image = g.Synthesize(g.Map(randn([2, 8], generator: random), c), NoiseMode.Random, random);
            image.square().sum().backward();

            Assert.Equal([2, channels, resolution, resolution], image.shape);
            Assert.Equal(ScalarType.Float32, image.dtype);
            Assert.True(image.isfinite().all().item<bool>());
            foreach (var (name, p) in g.named_parameters())
                Assert.True(p.grad is { } grad && grad.abs().max().item<float>() > 0, $"{architecture} {name} gets no gradient");
        }
    }

    [Fact]
    public void Names_48Pixels_StartAtB3()
    {
        using var g = new Generator(s_small with { Resolution = 48 }, 1);
        var state = g.state_dict();

        Assert.Equal(10, g.NumWs);
        Assert.Equal([8, 3, 3], state["synthesis.b3.const"].shape);
        Assert.Equal([48, 48], state["synthesis.b48.conv1.noise_const"].shape);
        Assert.Equal(0, state["synthesis.b6.conv0.noise_strength"].dim());
        Assert.DoesNotContain(state.Keys, k => k.Contains("matrix", StringComparison.Ordinal));
    }

    [Fact]
    public void Derivatives_InFloat64_AgreeWithDifferencesTwice()
    {
        using var scope = NewDisposeScope();
        foreach (var architecture in Enum.GetValues<Understudy.Networks.StyleGan2.Architecture>())
        {
            using var g = new Generator(s_small with { Resolution = 8, Architecture = architecture }, 5);
            g.to(ScalarType.Float64);
            using var random = new torch.Generator(5);
            FiniteDifferences.Check(x => g.Synthesize(x[0], NoiseMode.Const),
                randn([2, g.NumWs, 8], dtype: ScalarType.Float64, generator: random));
        }
    }

    [Fact]
    public void New_SameSeed_SameBits_WhateverElseTheNetworkHolds()
    {
        using var scope = NewDisposeScope();
        using var a = new Generator(s_small, 4);
        using var b = new Generator(s_small with { MappingLayers = 4, Resolution = 32 }, 4);
        using var other = new Generator(s_small, 5);

        Assert.Equal(0,
            Near.MaxDifference(a.state_dict()["synthesis.b8.conv1.weight"], b.state_dict()["synthesis.b8.conv1.weight"]));
        Assert.True(Near.MaxDifference(a.state_dict()["synthesis.b4.const"], other.state_dict()["synthesis.b4.const"]) > 0.1);
    }

    [Fact]
    public void New_AtInitialisation_HasTheDeviationsOfThePaper()
    {
        using var scope = NewDisposeScope();
        using var g = new Generator(new GeneratorOptions { LabelDim = 7 }, 1);
        var state = g.state_dict();

        Assert.Equal(1, state["synthesis.b8.conv0.weight"].std().item<float>(), 0.05);
        Assert.Equal(100, state["mapping.fc1.weight"].std().item<float>(), 5.0);
        Assert.Equal(1, state["synthesis.b8.conv0.affine.bias"].min().item<float>());
        Assert.Equal(0, state["synthesis.b8.conv0.bias"].abs().max().item<float>());
        Assert.Equal(0, state["synthesis.b8.conv0.noise_strength"].item<float>());
        Assert.Equal(1, state["synthesis.b32.conv1.noise_const"].std().item<float>(), 0.1);
    }

    [Fact]
    public void Synthesize_NoiseModes_FixedOrFresh()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var g = new Generator(s_small, 1);
        foreach (var (name, p) in g.named_parameters())
            if (name.EndsWith("noise_strength", StringComparison.Ordinal)) p.fill_(0.5);
        using var random = new torch.Generator(1);
        using var again = new torch.Generator(1);
        var ws = g.Map(randn([2, 8], generator: random), eye(3).slice(0, 0, 2, 1));
        randn([2, 8], generator: again);

        var first = g.Synthesize(ws, NoiseMode.Random, random);

        Assert.Equal(0, Near.MaxDifference(first, g.Synthesize(ws, NoiseMode.Random, again)));
        Assert.True(Near.MaxDifference(first, g.Synthesize(ws, NoiseMode.Random, random)) > 1e-3);
        Assert.Equal(0, Near.MaxDifference(g.Synthesize(ws, NoiseMode.Const), g.Synthesize(ws, NoiseMode.Const)));
        Assert.True(Near.MaxDifference(g.Synthesize(ws, NoiseMode.Const), g.Synthesize(ws, NoiseMode.None)) > 1e-3);
        Assert.Throws<ArgumentNullException>(() => g.Synthesize(ws, NoiseMode.Random));
    }

    [Fact]
    public void Map_Conditional_NeedsLabelsThatFit()
    {
        using var scope = NewDisposeScope();
        using var g = new Generator(s_small, 1);

        Assert.Contains("give labels [N, 3]", Assert.Throws<ArgumentException>(() => g.Map(ones(2, 8))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => g.Map(ones(2, 8), ones(2, 4)));
        Assert.Throws<ArgumentException>(() => g.Map(ones(2, 9), ones(2, 3)));
        Assert.Throws<ArgumentException>(() => g.Synthesize(ones(2, 3, 8), NoiseMode.None));
    }

    [Fact]
    public void Truncate_Zero_GivesTheCentre()
    {
        using var scope = NewDisposeScope();
        using var g = new Generator(s_small, 1);
        var ws = g.Map(ones(2, 8), eye(3).slice(0, 0, 2, 1), trackAverage: true).detach();

        Near.Equal(g.AverageW.expand(2, g.NumWs, 8), g.Truncate(ws, 0), 1e-6);
        Near.Equal(ws, g.Truncate(ws, 1), 0);
        var classMeans = stack([zeros(8), ones(8)]);
        Near.Equal(classMeans.unsqueeze(1).expand(2, g.NumWs, 8), g.Truncate(ws, 0, center: classMeans), 1e-6);
        Near.Equal(ws.narrow(1, 3, g.NumWs - 3), g.Truncate(ws, 0, cutoff: 3).narrow(1, 3, g.NumWs - 3), 0);
    }

    [Fact]
    public void Copy_TrainingTheOriginal_LeavesTheCopy()
    {
        using var scope = NewDisposeScope();
        using var g = new Generator(s_small, 1);
        using var copy = g.Copy();
        using (no_grad())
        {
            foreach (var p in g.parameters()) p.add_(1);
            g.AverageW.add_(1);
        }
        using var fresh = new Generator(s_small, 1);

        foreach (var (name, value) in copy.state_dict()) Assert.Equal(0, Near.MaxDifference(value, fresh.state_dict()[name]));
        Assert.All(copy.parameters(), p => Assert.False(p.requires_grad));
    }

    [Theory]
    [InlineData(32), InlineData(48)]
    public void BFloat16_AgainstFloat32_LooselyEqualForwardAndTwiceBackward(int resolution)
    {
        using var scope = NewDisposeScope();
        foreach (var architecture in Enum.GetValues<Understudy.Networks.StyleGan2.Architecture>())
        {
            var options = s_small with
            {
                Resolution = resolution,
                ChannelBase = 1024,
                ChannelMax = 32,
                Architecture = architecture
            };
            using var g = new Generator(options, 1);
            using var half = new Generator(options with { Precision = Precision.BFloat16 }, 1);
            using var random = new torch.Generator(1);
            var z = randn([4, 8], generator: random);
            var c = eye(3).index_select(0, tensor(new long[] { 0, 1, 2, 0 }));
            var y = randn([4, 1, resolution, resolution], generator: random);
            (Tensor Image, Tensor Jacobian, Tensor Weight) Run(Generator net)
            {
                var ws = net.Map(z, c);
                var image = net.Synthesize(ws, NoiseMode.Const);
                var jacobian = Gradients.Of(image * y, ws);
                jacobian.square().sum().backward();
                return (image, jacobian, net.get_parameter("synthesis.b" + resolution + ".conv1.weight")!.grad!);
            }

            var (exact, rough) = (Run(g), Run(half));

            Assert.Equal(ScalarType.Float32, rough.Image.dtype);
            Near.Loosely(exact.Image, rough.Image, 0.03);
            // rounding moves values across the rectifier's kink
            Near.Loosely(exact.Jacobian, rough.Jacobian, 0.2);
            Near.Loosely(exact.Weight, rough.Weight, 0.3);
        }
    }

    [Fact]
    public void Dispose_EveryArchitectureAndACopy_LeavesNoTensorBehind()
    {
        foreach (var architecture in Enum.GetValues<Understudy.Networks.StyleGan2.Architecture>())
        {
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            using (var g = new Generator(s_small with { Architecture = architecture }, 1)) g.Copy().Dispose();
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Fact]
    public void TrainingStep_InAScope_LeavesNoTensorBehind()
    {
        using var g = new Generator(s_small, 1);
        using var random = new torch.Generator(1);
        long Live()
        {
            using (NewDisposeScope())
            {
                var ws = g.Map(randn([2, 8], generator: random), eye(3).slice(0, 0, 2, 1), trackAverage: true);
                Gradients.Of(g.Synthesize(ws, NoiseMode.Random, random), ws).square().sum().backward();
            }
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Live();
        var before = Live();

        for (int i = 0; i < 3; i++) Live();

        Assert.Equal(before, Live());
    }
}
