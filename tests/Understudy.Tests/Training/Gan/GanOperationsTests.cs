using Understudy.Training;

namespace Understudy.Tests.Training;

public sealed class GanOperationsTests
{
    [Fact]
    public void Networks_TwoTinyOnes_AreThoseCountedByHand()
    {
        // 8 px, 4 channels everywhere, grey: blocks at 4 and 8.
        var generator = GanOperations.Generator(
            new() { Resolution = 8, ChannelBase = 32, ChannelMax = 4, ZDim = 2, WDim = 3, MappingLayers = 2 });
        var discriminator = GanOperations.Discriminator(new() { Resolution = 8, ChannelBase = 32, ChannelMax = 4 });

        // mapping 2·3·(2+3); b4: conv1, image, styles of 4 + 4; b8: conv0 at 4×4, conv1, image, styles of 4 + 4 + 4.
        Assert.Equal(30 + (18 * 16 * 16 + 2 * 4 * 16 + 2 * 3 * 8) + (18 * 16 * 16 + 18 * 16 * 64 + 2 * 4 * 64 + 2 * 3 * 12),
            generator);
        // fromrgb; conv0, conv1 and shortcut at 4×4; conv with one more channel, fc, out.
        Assert.Equal(2 * 4 * 64 + (18 * 16 * 64 + 20 * 16 * 16) + (18 * 5 * 4 * 16 + 2 * 16 * 16 + 2 * 16), discriminator);
    }

    [Fact]
    public void Step_AnyOptions_AreFourGeneratorsAndEightDiscriminatorsAndThePenalties()
    {
        var o = new GanTrainingOptions { Gamma = 1, R1Interval = 16, PathLengthInterval = 4 };

        Assert.Equal(4 * 100 + 8 * 10 + 6 * 10 / 16.0 + 6 * 100 / 8.0, GanOperations.Step(o, 100, 10), 9);
        Assert.Equal(4 * 100 + 8 * 10, GanOperations.Step(o with { Gamma = 0, PathLengthInterval = 0 }, 100, 10), 9);
    }
}
