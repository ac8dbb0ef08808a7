using TorchSharp;
using TorchSharp.Modules;
using Understudy.Networks.Ops;
using Understudy.Networks.Ops.Kernels;
using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Ops.Kernels;

/// <summary>
/// Our kernels against the same operation in float64, which goes through libtorch: values and every first derivative. The sizes
/// have images larger and smaller than a tile, and one or several vectors of channels.
/// </summary>
[Collection("torch")]
public sealed class KernelTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly torch.Generator _random = new(5);

    public static TheoryData<ScalarType, int, int> Cases => new()
    {
        { ScalarType.Float32, 24, 8 }, { ScalarType.Float32, 8, 2 }, { ScalarType.Float32, 32, 3 }, { ScalarType.Float32, 16, 5 },
        { ScalarType.BFloat16, 24, 8 }, { ScalarType.BFloat16, 64, 6 }, { ScalarType.BFloat16, 16, 7 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void ChannelScale_AgainstFloat64_IsEqual(ScalarType type, int channels, int size)
    {
        Compare(x => ChannelScale.Apply(x[0], x[1]), type, Map(channels, size), Draw(3, channels));
        // Factors of the maps' own type.
        Compare(x => ChannelScale.Apply(x[0], x[1].to(x[0].dtype)), type, Map(channels, size),
            Draw(3, channels).to(type).to(ScalarType.Float32));
    }

    [Theory, MemberData(nameof(Cases))]
    public void ChannelMean_AgainstFloat64_IsEqual(ScalarType type, int channels, int size) =>
        Compare(x => ChannelMean.Apply(x[0]), type, Map(channels, size));

    [Theory, MemberData(nameof(Cases))]
    public void StyledRectifier_AgainstFloat64_IsEqual(ScalarType type, int channels, int size)
    {
        var (own, shared) = (Draw(3, 1, size, size), Draw(1, 1, size, size));
        Compare(x => StyledRectifier.Apply(x[0], x[1], x[2], own, x[3]), type, Map(channels, size), Draw(3, channels),
            Draw(channels), Draw(1));
        Compare(x => StyledRectifier.Apply(x[0], x[1], x[2], shared, x[3]), type, Map(channels, size), Draw(3, channels),
            Draw(channels), Draw(1));
        Compare(x => StyledRectifier.Apply(x[0], x[1], x[2], null, null), type, Map(channels, size), Draw(3, channels),
            Draw(channels));
    }

    /// <summary>Where noise is learned too, its gradient comes from libtorch; the others stay what they were.</summary>
    [Theory]
    [InlineData(3), InlineData(1)]
    public void StyledRectifier_NoiseLearned_IsEqual(int patterns) =>
        Compare(x => StyledRectifier.Apply(x[0], x[1], x[2], x[4], x[3]), ScalarType.Float32,
            Map(24, 8), Draw(3, 24), Draw(24), Draw(1), Draw(patterns, 1, 8, 8));

    [Theory, MemberData(nameof(Cases))]
    public void ImageProjection_AgainstFloat64_IsEqual(ScalarType type, int channels, int size)
    {
        Compare(x => ImageProjection.Apply(x[0], x[1]), type, Map(channels, size), Draw(3, 1, channels));
        Compare(x => ImageProjection.Apply(x[0], x[1]), type, Map(channels, size), Draw(3, 3, channels));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Rectifier_AgainstFloat64_IsEqual(ScalarType type, int channels, int size) =>
        Compare(x => Rectifier.Apply(Layout.ChannelsLast(x[0] * 1)), type, Map(channels, size));

    [Theory, MemberData(nameof(Cases))]
    public void DepthwiseConv_AgainstFloat64_IsEqual(ScalarType type, int channels, int size)
    {
        foreach (var (kernel, stride, padding) in new[] { (3, 1, 1), (3, 2, 1), (5, 1, 2), (5, 2, 2), (3, 1, 0), (2, 3, 1),
            (1, 1, 0) })
        {
            if (size + 2 * padding < kernel) continue;
            Compare(x => DepthwiseConv.Apply(x[0], x[1].to(x[0].dtype), stride, padding), type, Map(channels, size),
                Draw(channels, 1, kernel, kernel).to(type).to(ScalarType.Float32));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Fir_AgainstFloat64_IsEqual(ScalarType type, int channels, int size)
    {
        var separable = outer(tensor(new[] { 1f, 3, -2, .5f }), tensor(new[] { .2f, 1, 3, -1 }));
        foreach (var (padY, padX) in new[] { (1L, 1L), (2L, 2L), (3L, 0L) })
        {
            if (size + 2 * Math.Min(padY, padX) < 4) continue;
            Compare(x => Fir.Correlate(x[0], separable, padY, padX), type, Map(channels, size));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void ResampleByTwo_AgainstTheMatrix_IsEqual(ScalarType type, int channels, int size)
    {
        var doubling = ResamplingMatrix.Doubling(size);
        Compare(x => Maps.Fit(x[0]) ? ResampleByTwo.Up(x[0]) : ResamplingMatrix.Apply(doubling, x[0]), type, Map(channels, size));
        if (size % 2 != 0) return;
        var halving = ResamplingMatrix.Halving(size);
        Compare(x => Maps.Fit(x[0]) ? ResampleByTwo.Down(x[0]) : ResamplingMatrix.Apply(halving, x[0]), type,
            Map(channels, size));
    }

    [Theory]
    [InlineData(nameof(Activation.Linear)), InlineData(nameof(Activation.Relu)), InlineData(nameof(Activation.Swish)),
        InlineData(nameof(Activation.HardSwish))]
    public void BatchNormAct_AgainstFloat64_IsEqual(string name)
    {
        var activation = Enum.Parse<Activation>(name);
        // The third has several chunks of rows, the last of them short.
        foreach (var (type, channels, size) in new[]
            { (ScalarType.Float32, 24, 8), (ScalarType.Float32, 8, 2), (ScalarType.Float32, 24, 64),
                (ScalarType.BFloat16, 24, 8), (ScalarType.BFloat16, 64, 6) })
        {
            // A mean that is large beside the deviation: sums of squares alone would lose the variance.
            var x = type == ScalarType.Float32 ? Map(channels, size) + 10 : Map(channels, size);
            var (scale, shift) = (Draw(channels), Draw(channels));
            // The layers, not their parameters, which are freed with a layer that nobody holds.
            var norms = new List<BatchNorm2d>();
            Tensor Normed(Tensor[] v)
            {
                var norm = NormOf(scale, shift, v[0].dtype);
                norms.Add(norm);
                return BatchNormAct.Apply(norm, v[0], activation, v.ElementAtOrDefault(1)?.to(v[0].dtype));
            }
            CompareOnce(Normed, type, x);
            CompareOnce(Normed, type, x, Map(channels, size).to(type).to(ScalarType.Float32));
            foreach (var pair in norms.Chunk(2))
            {
                var tolerance = type == ScalarType.BFloat16 ? 1e-2 : 1e-5;
                Near(pair[1].weight!.grad!, pair[0].weight!.grad!, tolerance, "gradient of the scale");
                Near(pair[1].bias!.grad!, pair[0].bias!.grad!, tolerance, "gradient of the shift");
            }
        }
    }

    [Fact]
    public void BatchNormAct_DifferentiatedTwice_IsLibtorchs()
    {
        var (x, beside, scale, shift) = (Map(16, 5), Map(16, 5), Draw(16), Draw(16));
        foreach (var activation in new[] { Activation.Linear, Activation.Relu, Activation.Swish, Activation.HardSwish })
        {
            foreach (var (expected, actual) in Second(ScalarType.Float64).Zip(Second(ScalarType.Float32)))
                Near(expected, actual, 1e-4, $"{activation}, second");

            Tensor[] Second(ScalarType type)
            {
                var norm = NormOf(scale, shift, type);
                Tensor[] v = [x.to(type).detach().clone().requires_grad_(true),
                    beside.to(type).detach().clone().requires_grad_(true), norm.weight!, norm.bias!];
                var slopes = Gradients.Of(BatchNormAct.Apply(norm, v[0], activation, v[1]).square().sum(), v);
                return [.. Gradients.Of(slopes.Aggregate(zeros([], dtype: type), (sum, g) => sum + g.square().sum()), v)];
            }
        }
    }

    [Fact]
    public void BatchNormAct_RunningStatistics_AreLibtorchs()
    {
        var (x, scale, shift) = (Map(16, 64) * 3 + 20, Draw(16), Draw(16));
        var (ours, theirs) = (NormOf(scale, shift, ScalarType.Float32), NormOf(scale, shift, ScalarType.Float32));
        for (int k = 0; k < 3; k++)
        {
            BatchNormAct.Apply(ours, x + k, Activation.Relu);
            theirs.call(x + k);
        }
        foreach (var (a, b) in ours.buffers().Zip(theirs.buffers()))
            Near(b.to(ScalarType.Float64), a, 1e-5, "running statistics");
        ours.eval();
        theirs.eval();
        using var off = no_grad();
        Near(theirs.call(x).relu().to(ScalarType.Float64), BatchNormAct.Apply(ours, x, Activation.Relu), 1e-5, "evaluation");
        Near((theirs.call(x) + x).relu().to(ScalarType.Float64), BatchNormAct.Apply(ours, x, Activation.Relu, x), 1e-5,
            "evaluation");
    }

    [Fact]
    public void BatchNormActAndDepthwiseConv_AnyNumberOfThreads_AreTheSame()
    {
        var (x, scale, shift, weight) = (Map(24, 64), Draw(24), Draw(24), Draw(24, 1, 5, 5));
        var before = get_num_threads();
        try
        {
            set_num_threads(1);
            var one = Once();
            set_num_threads(3);
            foreach (var (a, b) in one.Zip(Once())) Assert.True(a.eq(b).all().item<bool>());
        }
        finally { set_num_threads(before); }

        Tensor[] Once()
        {
            var (v, norm, taps) = (x.detach().clone().requires_grad_(true), NormOf(scale, shift, ScalarType.Float32),
                weight.detach().clone().requires_grad_(true));
            var y = DepthwiseConv.Apply(BatchNormAct.Apply(norm, v, Activation.Swish), taps, 2, 2);
            y.square().sum().backward();
            return [y.detach(), v.grad!, norm.weight!.grad!, norm.bias!.grad!, taps.grad!];
        }
    }

    [Fact]
    public void BatchNormAct_MapsThatDoNotFitTogether_AreRefused()
    {
        var norm = NormOf(Draw(8), Draw(8), ScalarType.Float32);
        Assert.Throws<ArgumentException>(() => BatchNormAct.Apply(norm, Map(16, 4), Activation.Relu));
        Assert.Throws<ArgumentException>(() => BatchNormAct.Apply(norm, Map(8, 4), Activation.Relu, Map(8, 2)));
        Assert.Throws<ArgumentException>(() =>
            BatchNormAct.Apply(norm, Map(8, 4), Activation.Relu, Map(8, 4).to(ScalarType.BFloat16)));
        Assert.Throws<ArgumentException>(() => DepthwiseConv.Apply(Map(8, 4), Draw(16, 1, 3, 3), 1, 1));
        Assert.Throws<ArgumentException>(() => DepthwiseConv.Apply(Map(8, 2), Draw(8, 1, 5, 5), 3, 0));
    }

    [Fact]
    public void DepthwiseConv_DifferentiatedTwice_IsLibtorchs()
    {
        var (x, weight) = (Map(16, 6), Draw(16, 1, 5, 5));
        foreach (var (stride, padding) in new[] { (1, 2), (2, 2), (3, 1) })
        {
            foreach (var (expected, actual) in Second(ScalarType.Float64).Zip(Second(ScalarType.Float32)))
                Near(expected, actual, 1e-4, $"stride {stride}, second");

            Tensor[] Second(ScalarType type)
            {
                Tensor[] v = [x.to(type).detach().clone().requires_grad_(true),
                    weight.to(type).detach().clone().requires_grad_(true)];
                var slopes = Gradients.Of(DepthwiseConv.Apply(v[0], v[1], stride, padding).square().sum(), v);
                return [.. Gradients.Of(slopes.Aggregate(zeros([], dtype: type), (sum, g) => sum + g.square().sum()), v)];
            }
        }
    }

    /// <summary>A batch norm in training, float64 for maps of that type and float32 for all others.</summary>
    private static BatchNorm2d NormOf(Tensor scale, Tensor shift, ScalarType maps)
    {
        var type = maps == ScalarType.Float64 ? maps : ScalarType.Float32;
        var norm = nn.BatchNorm2d(scale.shape[0], dtype: type);
        using var off = no_grad();
        norm.weight!.copy_(scale);
        norm.bias!.copy_(shift);
        return norm;
    }

    [Fact]
    public void BFloat16_StoredAndLoaded_RoundsAsLibtorchDoes()
    {
        var values = cat(
            [randn(4000, generator: _random) * 1e3,
                tensor(new[] { 0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1.00390625f, 1.01171875f,
                    3.4e38f })]);
        var maps = values.view(1, 8, 1, -1);
        var rounded = ChannelScale.Apply(maps.to(ScalarType.BFloat16), ones(1, 8));
        Assert.True(rounded.reshape(-1).to(ScalarType.Float32).nan_to_num(7)
            .eq(values.to(ScalarType.BFloat16).to(ScalarType.Float32).nan_to_num(7)).all().item<bool>());

        var scaled = ChannelScale.Apply(maps.to(ScalarType.BFloat16), full([1, 8], 1 / 3f));
        var expected = (maps.to(ScalarType.BFloat16).to(ScalarType.Float32) * (1 / 3f)).to(ScalarType.BFloat16);
        Assert.True(scaled.nan_to_num(7).eq(expected.nan_to_num(7)).all().item<bool>());
    }

    /// <summary>
    /// In float64, and with the maps (the first input) in <paramref name="type"/>: values, first derivatives and, in float32,
    /// second ones.
    /// </summary>
    private void Compare(Func<Tensor[], Tensor> function, ScalarType type, params Tensor[] inputs)
    {
        CompareOnce(function, type, inputs);
        if (type == ScalarType.BFloat16) return;
        var (expected, actual) = (Second(ScalarType.Float64), Second(type));
        for (int i = 0; i < inputs.Length; i++) Near(expected[i], actual[i], 1e-4, $"second derivative by {i}");

        // Of the sum of squares: its second derivative is not zero where the function is linear.
        Tensor[] Second(ScalarType of)
        {
            var x = inputs.Select(t => t.to(of).detach().clone().requires_grad_(true)).ToArray();
            var slopes = Gradients.Of(function(x).square().sum(), x);
            return Gradients.Of(slopes.Aggregate(zeros([], dtype: of), (sum, g) => sum + g.square().sum()), x);
        }
    }

    /// <summary>Values and first derivatives.</summary>
    private void CompareOnce(Func<Tensor[], Tensor> function, ScalarType type, params Tensor[] inputs)
    {
        var rounded = inputs.Select((t, i) => i == 0 ? t.to(type) : t).ToArray();
        (Tensor Value, Tensor[] Gradients) Evaluate(Func<Tensor, int, ScalarType> typeOf, Func<Tensor, Tensor>? weigh)
        {
            var x = rounded.Select((t, i) => t.to(typeOf(t, i)).detach().clone().requires_grad_(true)).ToArray();
            var y = function(x);
            y.backward([(weigh ?? (v => v))(y.detach())]);
            return (y.detach(), [.. x.Select(t => t.grad!)]);
        }
        Tensor? weights = null;
        Tensor Weigh(Tensor y) => (weights ??= Draw(y.shape).to(type)).to(y.dtype);
        var actual = Evaluate((t, i) => i == 0 ? type : ScalarType.Float32, Weigh);
        var expected = Evaluate((_, _) => ScalarType.Float64, Weigh);

        var tolerance = type == ScalarType.BFloat16 ? 1e-2 : 1e-5;
        Near(expected.Value, actual.Value, tolerance, "value");
        for (int i = 0; i < inputs.Length; i++) Near(expected.Gradients[i], actual.Gradients[i], tolerance, $"gradient {i}");
    }

    /// <summary>Eight channels of three times as many, in registers of eight numbers, and all of them in the widest.</summary>
    [Fact]
    public void Kernels_AnyWidthOfRegisters_AreTheSameBits()
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var (x, s, b) = (Map(48, 5).to(type), Draw(3, 48), Draw(48));
            var noise = Draw(3, 1, 5, 5);
            Func<Tensor, Tensor, Tensor, Tensor>[] functions =
            [
                (x, s, _) => ChannelScale.Apply(x, s), (x, s, b) => StyledRectifier.Apply(x, s, b, noise, ones(1)),
                (x, _, _) => Rectifier.Apply(Layout.ChannelsLast(x * 1)), (x, _, _) => ResampleByTwo.Up(x),
                (x, _, _) => Fir.Correlate(x, Resampling.Filter1331(), 2, 2),
            ];
            foreach (var function in functions)
            {
                var whole = Run(x, s, b);
                var parts = Enumerable.Range(0, 6)
                    .Select(i => Run(x.narrow(1, 8 * i, 8), s.narrow(1, 8 * i, 8), b.narrow(0, 8 * i, 8))).ToArray();
                for (int k = 0; k < whole.Length; k++)
                    Assert.True(whole[k].eq(cat([.. parts.Select(p => p[k])], 1)).all().item<bool>());

                Tensor[] Run(Tensor x, Tensor s, Tensor b)
                {
                    var leaf = Layout.ChannelsLast(x).detach().clone().requires_grad_(true);
                    var y = function(leaf, s, b);
                    y.backward([y.detach()]);
                    return [y.detach(), leaf.grad!];
                }
            }
        }
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = ((actual.to(ScalarType.Float64) - expected).norm() / expected.norm()).item<double>();
        Assert.True(error <= tolerance, $"{what}: off by {error:g3} of its size, allowed {tolerance:g3}");
    }

    private Tensor Map(int channels, int size) => Layout.ChannelsLast(Draw(3, channels, size, size));

    private Tensor Draw(params long[] shape) => randn(shape, generator: _random);

    public void Dispose()
    {
        _random.Dispose();
        _scope.Dispose();
    }
}
