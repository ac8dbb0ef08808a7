using TorchSharp;
using Understudy.Networks.Ops;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Tests.Networks.Ops;

/// <summary>Every operation under R1 or path length, first and second order.</summary>
[Collection("torch")]
public sealed class OpsDerivativeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly torch.Generator _random = new(11);

    [Theory]
    [InlineData(1, 1), InlineData(2, 1), InlineData(1, 2), InlineData(3, 2)]
    public void Upfirdn2d_FiniteDifferences_Agree(int up, int down)
    {
        var filter = Random(4, 3);
        FiniteDifferences.CheckLinear(
            x => Resampling.Upfirdn2d(x[0], filter, up, down, new(-1, 2, 3, 1), gain: 1.5), Random(2, 2, 6, 5));
    }

    [Theory]
    [InlineData(0, 0), InlineData(1, 2), InlineData(3, 3)]
    public void Fir_FiniteDifferences_Agree(int padY, int padX)
    {
        var filter = Random(4, 4);
        FiniteDifferences.Check(x => Fir.Correlate(x[0].square(), filter, padY, padX), Random(2, 3, 5, 6));
    }

    [Fact]
    public void ResamplingMatrix_FiniteDifferences_Agree()
    {
        var (doubling, halving) = (ResamplingMatrix.Doubling(6), ResamplingMatrix.Halving(6));
        FiniteDifferences.Check(x => ResamplingMatrix.Apply(doubling, x[0].square()), Random(2, 3, 6, 6));
        FiniteDifferences.Check(x => ResamplingMatrix.Apply(halving, x[0].square()), Random(2, 3, 6, 6));
    }

    [Theory]
    [InlineData(1, 1, 3), InlineData(2, 1, 3), InlineData(1, 2, 3), InlineData(2, 1, 1), InlineData(1, 2, 1)]
    public void ResampledConv_FiniteDifferences_Agree(int up, int down, int kernel)
    {
        var filter = Resampling.Filter1331();
        FiniteDifferences.Check(x => ResampledConv.Apply(x[0], x[1], filter, up, down, kernel / 2), Random(2, 3, 6, 6),
            Random(4, 3, kernel, kernel));
    }

    [Theory]
    [InlineData(1), InlineData(2)]
    public void ModulatedConv_FiniteDifferences_Agree(int up)
    {
        var filter = Resampling.Filter1331();
        // Noise that each image has of its own, and noise that all share.
        foreach (var patterns in new[] { 2, 1 })
        {
            FiniteDifferences.Check(
                x => StyledRectifier.Apply(ModulatedConv.Convolve(x[0], x[1], x[2], filter, up, padding: 1),
                    ModulatedConv.Demodulation(x[1], x[2]) * 1.4, x[3], x[5], x[4]),
                Random(2, 3, 5, 5), Random(4, 3, 3, 3), Random(2, 3), Random(4), Random(1), Random(patterns, 1, 5 * up, 5 * up));
        }
    }

    [Fact]
    public void ChannelScale_FiniteDifferences_Agree() =>
        FiniteDifferences.Check(x => ChannelScale.Apply(x[0], x[1]), Random(2, 3, 4, 5), Random(2, 3));

    [Theory]
    [InlineData(3, 1, 1), InlineData(5, 2, 2), InlineData(2, 3, 1)]
    public void DepthwiseConv_FiniteDifferences_Agree(int kernel, int stride, int padding) =>
        FiniteDifferences.Check(x => DepthwiseConv.Apply(x[0], x[1], stride, padding), Random(2, 3, 6, 5),
            Random(3, 1, kernel, kernel));

    [Fact]
    public void ChannelMean_FiniteDifferences_Agree() =>
        FiniteDifferences.Check(x => ChannelMean.Apply(x[0]).square(), Random(2, 3, 4, 5));

    [Fact]
    public void StyledRectifier_WithoutNoise_FiniteDifferencesAgree() =>
        FiniteDifferences.Check(x => StyledRectifier.Apply(x[0], x[1], x[2], null, null), Random(2, 3, 4, 5), Random(2, 3),
            Random(3));

    [Fact]
    public void ImageProjection_FiniteDifferences_Agree() =>
        FiniteDifferences.Check(x => ImageProjection.Apply(x[0], x[1]), Random(2, 3, 4, 5), Random(2, 2, 3));

    [Theory]
    [InlineData(4, 1, 1), InlineData(2, 2, 1), InlineData(8, 1, 1), InlineData(2, 1, 2)]
    public void MinibatchStddev_FiniteDifferences_Agree(int group, int channels, int batches) =>
        FiniteDifferences.Check(x => MinibatchStddev.Append(x[0], group, channels, batches), Random(4, 4, 3, 3));

    [Fact]
    public void SecondMoment_FiniteDifferences_Agree() =>
        FiniteDifferences.Check(x => SecondMoment.Normalise(x[0]), Random(3, 5));

    [Fact]
    public void BiasAct_FiniteDifferences_Agree()
    {
        var (x, bias) = (Random(3, 4, 2, 2), Random(4));
        FiniteDifferences.CheckLinear(v => BiasAct.Apply(v[0], v[1], Activation.Linear, clamp: 1.5), x, bias);
        foreach (var activation in Enum.GetValues<Activation>().Where(a => a != Activation.Linear))
            FiniteDifferences.Check(v => BiasAct.Apply(v[0], v[1], activation, clamp: 1.5), x, bias);
    }

    [Fact]
    public void LeakyReluInPlace_AfterConvolution_HasItsSecondDerivative() =>
        FiniteDifferences.Check(x => BiasAct.LeakyRelu(F.conv2d(x[0], x[1])), Random(2, 2, 5, 5), Random(3, 2, 3, 3));

    private Tensor Random(params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: _random);

    public void Dispose()
    {
        _random.Dispose();
        _scope.Dispose();
    }
}
