using Understudy.Common;
using Understudy.Networks.StyleGan2;

namespace Understudy.Tests.Networks.StyleGan2;

public sealed class OptionsTests
{
    [Theory]
    [InlineData(8, 4), InlineData(32, 4), InlineData(256, 4), InlineData(24, 3), InlineData(48, 3), InlineData(96, 3)]
    public void Pyramid_SupportedResolution_HasItsBase(int resolution, int expected)
    {
        var pyramid = new Pyramid(resolution, 1024, 64);

        Assert.Equal(expected, pyramid.Base);
        Assert.Equal(resolution, pyramid.Resolutions[^1]);
        Assert.Equal(Math.Min(64, 1024 / resolution), pyramid.ChannelsAt(resolution));
    }

    [Theory]
    [InlineData(4), InlineData(3), InlineData(20), InlineData(33), InlineData(0), InlineData(-32), InlineData(2048)]
    public void Validate_OtherResolution_IsRefused(int resolution)
    {
        var error = Assert.Throws<OptionException>(() => new GeneratorOptions { Resolution = resolution }.Validate());
        Assert.StartsWith($"resolution: {resolution} ", error.Message, StringComparison.Ordinal);
        Assert.Throws<OptionException>(() => new DiscriminatorOptions { Resolution = resolution }.Validate());
    }

    [Fact]
    public void Validate_OutOfRange_NamesTheKey()
    {
        void Refused(string key, Func<object> validate) =>
            Assert.StartsWith(key + ":", Assert.Throws<OptionException>(validate).Message, StringComparison.Ordinal);

        Refused("channels", () => new GeneratorOptions { Channels = 0 }.Validate());
        Refused("label_dim", () => new GeneratorOptions { LabelDim = -1 }.Validate());
        Refused("z_dim", () => new GeneratorOptions { ZDim = 0 }.Validate());
        Refused("w_dim", () => new GeneratorOptions { WDim = 5000 }.Validate());
        Refused("mapping_layers", () => new GeneratorOptions { MappingLayers = 0 }.Validate());
        Refused("channel_base", () => new GeneratorOptions { ChannelBase = 16 }.Validate());
        Refused("channel_max", () => new DiscriminatorOptions { ChannelMax = 0 }.Validate());
        Refused("mapping_layers", () => new DiscriminatorOptions { MappingLayers = -1 }.Validate());
        Refused("stddev_group", () => new DiscriminatorOptions { StddevGroup = 0 }.Validate());
        Refused("stddev_channels", () => new DiscriminatorOptions { StddevChannels = 3 }.Validate());
    }
}
