using TorchSharp;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Ops;

[Collection("torch")]
public sealed class ResamplingMatrixTests
{
    [Theory]
    [InlineData(4), InlineData(6), InlineData(32)]
    public void DoublingAndHalving_AnySize_EqualTheFirOperations(int size)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1);
        var x = randn([2, 3, size, size], generator: random);
        var filter = Resampling.Filter1331();

        Near.Equal(Resampling.Upsample2d(x, filter), ResamplingMatrix.Apply(ResamplingMatrix.Doubling(size), x), 1e-5);
        Near.Equal(Resampling.Downsample2d(x, filter), ResamplingMatrix.Apply(ResamplingMatrix.Halving(size), x), 1e-5);
    }

    [Fact]
    public void Doubling_ConstantImage_KeepsItsValueInside()
    {
        using var scope = NewDisposeScope();

        var y = ResamplingMatrix.Apply(ResamplingMatrix.Doubling(8), ones(1, 1, 8, 8));

        Near.Equal(ones(1, 1, 14, 14), y.slice(2, 1, 15, 1).slice(3, 1, 15, 1), 1e-6);
    }

    [Fact]
    public void Apply_WrongSize_SaysWhatFits()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => ResamplingMatrix.Apply(ResamplingMatrix.Halving(8), ones(1, 1, 4, 4)));
        Assert.Contains("[N, C, 8, 8]", error.Message, StringComparison.Ordinal);
    }
}
