using TorchSharp;
using Understudy.Networks.Ops;
using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Ops.Kernels;

/// <summary>
/// Our kernels against the same operation in float64, which goes through libtorch: values and every first derivative. The sizes have
/// images larger and smaller than a tile, and one or several vectors of channels.
/// </summary>
[Collection("torch")]
public sealed class KernelTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly torch.Generator _random = new(5);

    public static TheoryData<ScalarType, int, int> Cases => new()
    {
        { ScalarType.Float32, 24, 8 }, { ScalarType.Float32, 8, 2 }, { ScalarType.BFloat16, 24, 8 }, { ScalarType.BFloat16, 64, 6 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void ChannelScale_AgainstFloat64_IsEqual(ScalarType type, int channels, int size) =>
        Compare(x => ChannelScale.Apply(x[0], x[1]), type, Map(channels, size), Draw(3, channels));

    [Theory, MemberData(nameof(Cases))]
    public void StyledRectifier_AgainstFloat64_IsEqual(ScalarType type, int channels, int size)
    {
        var (own, shared) = (Draw(3, 1, size, size), Draw(1, 1, size, size));
        Compare(x => StyledRectifier.Apply(x[0], x[1], x[2], own, x[3]), type, Map(channels, size), Draw(3, channels), Draw(channels), Draw(1));
        Compare(x => StyledRectifier.Apply(x[0], x[1], x[2], shared, x[3]), type, Map(channels, size), Draw(3, channels), Draw(channels), Draw(1));
        Compare(x => StyledRectifier.Apply(x[0], x[1], x[2], null, null), type, Map(channels, size), Draw(3, channels), Draw(channels));
    }

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
    public void Octave_AgainstTheMatrix_IsEqual(ScalarType type, int channels, int size)
    {
        var (doubling, halving) = (ResamplingMatrix.Doubling(size), ResamplingMatrix.Halving(size));
        Compare(x => Maps.Fit(x[0]) ? Octave.Up(x[0]) : ResamplingMatrix.Apply(doubling, x[0]), type, Map(channels, size));
        Compare(x => Maps.Fit(x[0]) ? Octave.Down(x[0]) : ResamplingMatrix.Apply(halving, x[0]), type, Map(channels, size));
    }

    [Fact]
    public void BFloat16_StoredAndLoaded_RoundsAsLibtorchDoes()
    {
        var values = cat([randn(4000, generator: _random) * 1e3, tensor(new[] { 0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1.00390625f, 1.01171875f, 3.4e38f })]);
        var maps = values.view(1, 8, 1, -1);
        var rounded = ChannelScale.Apply(maps.to(ScalarType.BFloat16), ones(1, 8));
        Assert.True(rounded.reshape(-1).to(ScalarType.Float32).nan_to_num(7).eq(values.to(ScalarType.BFloat16).to(ScalarType.Float32).nan_to_num(7)).all().item<bool>());

        var scaled = ChannelScale.Apply(maps.to(ScalarType.BFloat16), full([1, 8], 1 / 3f));
        var expected = (maps.to(ScalarType.BFloat16).to(ScalarType.Float32) * (1 / 3f)).to(ScalarType.BFloat16);
        Assert.True(scaled.nan_to_num(7).eq(expected.nan_to_num(7)).all().item<bool>());
    }

    /// <summary>In float64, and with the maps (the first input) in <paramref name="type"/>.</summary>
    private void Compare(Func<Tensor[], Tensor> function, ScalarType type, params Tensor[] inputs)
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
