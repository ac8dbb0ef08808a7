using TorchSharp;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using Understudy.Training;
using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.StyleGan2;

[Collection("torch")]
public sealed class DiscriminatorTests
{
    private static readonly DiscriminatorOptions s_small =
        new() { Resolution = 16, LabelDim = 3, ChannelBase = 128, ChannelMax = 8 };

    [Theory]
    [InlineData(16, 1, 0, 0, 1), InlineData(32, 3, 7, 2, 2), InlineData(48, 1, 7, 0, 0), InlineData(96, 1, 0, 0, 1)]
    public void Forward_EveryArchitecture_GivesLogitsAndMovesEveryParameter(int resolution, int channels, int labels, int layers,
        int stddevChannels)
    {
        foreach (var architecture in Enum.GetValues<Understudy.Networks.StyleGan2.Architecture>())
        {
            using var scope = NewDisposeScope();
            using var d = new Discriminator(s_small with
            {
                Resolution = resolution,
                Channels = channels,
                LabelDim = labels,
                MappingLayers = layers,
                StddevChannels = stddevChannels,
                Architecture = architecture,
            }, 1);
            using var random = new torch.Generator(1);
            var x = randn([4, channels, resolution, resolution], generator: random).requires_grad_(true);
            var c = labels > 0 ? eye(labels).slice(0, 0, 4, 1) : null;

            var logits = d.call(x, c);
            (logits.square().sum() + GanLosses.R1(logits, x, 1)).backward();

            Assert.Equal([4, 1], logits.shape);
            foreach (var (name, p) in d.named_parameters())
                Assert.True(p.grad is { } grad && grad.abs().max().item<float>() > 0, $"{architecture} {name} gets no gradient");
        }
    }

    [Fact]
    public void Judge_UnderOtherLabels_IsTheLogitThatThoseLabelsGive()
    {
        using var scope = NewDisposeScope();
        using var d = new Discriminator(s_small with { MappingLayers = 1 }, 1);
        using var random = new torch.Generator(1);
        var x = randn([4, 1, 16, 16], generator: random);
        var (c, other) = (eye(3)[tensor([0L, 1, 2, 0])], eye(3)[tensor([1L, 2, 0, 2])]);

        var heads = d.ForwardHeads(x, c, other);

        Assert.True(heads.Logits.allclose(d.call(x, c)));
        Assert.True(heads.Mismatched!.allclose(d.call(x, other)));
        Assert.False(heads.Mismatched!.allclose(heads.Logits));
        Assert.Null(d.ForwardHeads(x, c).Mismatched);
    }

    [Theory]
    [InlineData(0, false), InlineData(3, false), InlineData(3, true)]
    public void Judge_TwoBatchesAtOnce_IsAsIfEachCameAlone(int labels, bool heads)
    {
        using var scope = NewDisposeScope();
        using var d = new Discriminator(s_small with
        {
            LabelDim = labels,
            ClassHead = heads,
            UnconditionalHead = heads,
            StddevGroup = 2
        }, 1);
        using var random = new torch.Generator(1);
        var x = randn([8, 1, 16, 16], generator: random);
        Tensor? C(params long[] of) => labels == 0 ? null : eye(3)[tensor(of)];
        var (c, realC, other) = (C(0, 1, 2, 0), C(1, 1, 0, 2), C(2, 0, 1, 1));

        var (fake, real) = d.ForwardHeads(x, c is null ? null : cat([c, realC!], 0), other, batches: 2).Halves();

        Same(d.ForwardHeads(x.narrow(0, 0, 4), c), fake);
        Same(d.ForwardHeads(x.narrow(0, 4, 4), realC, other), real);
        Assert.Throws<ArgumentException>(() => d.ForwardHeads(x.narrow(0, 0, 5), null, batches: 2));

        static void Same(DiscriminatorOutput alone, DiscriminatorOutput part)
        {
            foreach (var (a, b) in new[]
            {
                (alone.Logits, part.Logits), (alone.Classes, part.Classes), (alone.Unconditional, part.Unconditional),
                (alone.Mismatched, part.Mismatched),
            })
            {
                Assert.Equal(a is null, b is null);
                if (a is not null) Assert.True(a.allclose(b!, 1e-4, 1e-6));
            }
        }
    }

    [Fact]
    public void Names_48Pixels_EndAtB3()
    {
        using var d = new Discriminator(s_small with { Resolution = 48 }, 1);
        var state = d.state_dict();

        Assert.Equal([8, 8 * 9], state["b3.fc.weight"].shape);
        Assert.Equal([8, 9, 3, 3], state["b3.conv.weight"].shape);
        Assert.Contains("b48.fromrgb.weight", state.Keys);
        Assert.DoesNotContain(state.Keys,
            k => k.Contains("w_avg", StringComparison.Ordinal) || k.Contains("matrix", StringComparison.Ordinal));
    }

    [Fact]
    public void Derivatives_InFloat64_AgreeWithDifferencesTwice()
    {
        using var scope = NewDisposeScope();
        foreach (var architecture in Enum.GetValues<Understudy.Networks.StyleGan2.Architecture>())
        {
            using var d = new Discriminator(s_small with { Resolution = 8, Architecture = architecture }, 5);
            d.to(ScalarType.Float64);
            using var random = new torch.Generator(5);
            var c = eye(3, dtype: ScalarType.Float64).index_select(0, tensor(new long[] { 0, 1, 2, 0 }));
            FiniteDifferences.Check(x => d.call(x[0], c), randn([4, 1, 8, 8], dtype: ScalarType.Float64, generator: random));
        }
    }

    [Fact]
    public void Training_OneFixedBatchOfEach_SeparatesThem()
    {
        using var scope = NewDisposeScope();
        using var d = new Discriminator(s_small, 1);
        using var random = new torch.Generator(1);
        var (real, fake) = (randn([8, 1, 16, 16], generator: random), randn([8, 1, 16, 16], generator: random));
        var c = eye(3).index_select(0, tensor(new long[] { 0, 1, 2, 0, 1, 2, 0, 1 }));
        using var adam = optim.Adam(d.parameters(), 0.01, 0, 0.99, 1e-8);
        for (int i = 0; i < 80; i++)
        {
            using var step = NewDisposeScope();
            adam.zero_grad();
            (GanLosses.DiscriminatorFake(d.call(fake, c)) + GanLosses.DiscriminatorReal(d.call(real, c))).backward();
            adam.step();
        }

        Assert.InRange(d.call(real, c).min().item<float>(), 1, 1000);
        Assert.InRange(d.call(fake, c).max().item<float>(), -1000, -1);
    }

    [Fact]
    public void Forward_WhatDoesNotFit_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var d = new Discriminator(s_small, 1);

        var error = Assert.Throws<ArgumentException>(() => d.call(ones(4, 1, 32, 32), ones(4, 3)));
        Assert.Contains("give [N, 1, 16, 16]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => d.call(ones(4, 1, 16, 16), null));
        Assert.Throws<ArgumentException>(() => d.call(ones(6, 1, 16, 16), ones(6, 3)));
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
            using var d = new Discriminator(options, 1);
            using var half = new Discriminator(options with { Precision = Precision.BFloat16 }, 1);
            using var random = new torch.Generator(1);
            var x = randn([4, 1, resolution, resolution], generator: random).requires_grad_(true);
            var c = eye(3).index_select(0, tensor(new long[] { 0, 1, 2, 0 }));
            (Tensor Logits, Tensor Slope, Tensor Weight) Run(Discriminator net)
            {
                var logits = net.call(x, c);
                var slope = Gradients.Of(logits, x);
                slope.square().sum().backward();
                return (logits, slope, net.get_parameter("b" + resolution + ".conv1.weight")!.grad!);
            }

            var (exact, rough) = (Run(d), Run(half));

            Assert.Equal(ScalarType.Float32, rough.Logits.dtype);
            Near.Loosely(exact.Logits, rough.Logits, 0.03);
            // rounding moves values across the rectifier's kink
            Near.Loosely(exact.Slope, rough.Slope, 0.2);
            Near.Loosely(exact.Weight, rough.Weight, 0.3);
        }
    }

    [Fact]
    public void Dispose_EveryArchitecture_LeavesNoTensorBehind()
    {
        foreach (var architecture in Enum.GetValues<Understudy.Networks.StyleGan2.Architecture>())
        {
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            new Discriminator(s_small with { Architecture = architecture, MappingLayers = 1 }, 1).Dispose();
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Fact]
    public void TrainingStep_InAScope_LeavesNoTensorBehind()
    {
        using var d = new Discriminator(s_small, 1);
        long Live()
        {
            using (NewDisposeScope())
            {
                var x = ones(4, 1, 16, 16).requires_grad_(true);
                GanLosses.R1(d.call(x, ones(4, 3)), x, 1).backward();
            }
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Live();
        var before = Live();

        for (int i = 0; i < 3; i++) Live();

        Assert.Equal(before, Live());
    }
}
