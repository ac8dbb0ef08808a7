using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Ops;

[Collection("torch")]
public sealed class LayoutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ChannelsLastImages_OfAnyChannels_AreTheSameValuesAndMakeAConvolutionChannelsLast(int channels)
    {
        using var scope = NewDisposeScope();
        var images = randn(2, channels, 8, 6);
        var y = Layout.ChannelsLastImages(images);
        Assert.True(y.eq(images).all().item<bool>());
        Assert.Equal([8 * 6 * channels, 1L, 6 * channels, channels], y.stride());
        var kernels = randn(4, channels, 3, 3);
        var maps = nn.functional.conv2d(y, kernels, padding: [1, 1]);
        Assert.Equal([8 * 6 * 4, 1L, 6 * 4, 4], maps.stride());
        Assert.True(maps.allclose(nn.functional.conv2d(images, kernels, padding: [1, 1]), 1e-4, 1e-5));
    }
}
