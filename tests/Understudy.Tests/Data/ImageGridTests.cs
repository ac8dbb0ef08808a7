using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class ImageGridTests
{
    [Fact]
    public void Of_TwoChannels_KeepsThemApartAndLeavesEmptyPlacesGrey()
    {
        byte[] a = [1, 2, 3, 4], b = [5, 6, 7, 8];                          // 2×1×2: the first channel, then the second
        var (pixels, shape) = ImageGrid.Of([a, b, default, a], new(2, 1, 2), columns: 2);
        Assert.Equal(new ImageShape(2, 2, 4), shape);
        Assert.Equal([1, 2, 5, 6, 128, 128, 1, 2, 3, 4, 7, 8, 128, 128, 3, 4], pixels);
    }

    [Fact]
    public void Of_ARowThatIsNotFull_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ImageGrid.Of([new byte[2]], new(1, 1, 2), columns: 2));
}
