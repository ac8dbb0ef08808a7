using Understudy.Common;
using Understudy.Data;
using Understudy.Synthesis;

namespace Understudy.Tests.Synthesis;

[Collection("torch")]
public sealed class StyleMixTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Sampler _sampler;

    public StyleMixTests() => _sampler = TinyGenerator.Sampler(_folder);

    [Fact]
    public void Draw_Grid_HasTheFacesAtItsEdgesAndMixturesInside()
    {
        var mix = new StyleMix([new(1, 0), new(2, 0)], [new(2, 0), new(3, 1), new(4, 2)]);
        var images = mix.Draw(_sampler, new()).Select(i => i is null ? "" : Convert.ToHexString(i)).ToList();
        Assert.Equal(3 * 4, images.Count);
        Assert.Equal("", images[0]);
        // The second row's face and the first column's are the same: so is their mixture.
        Assert.Equal(images[1], images[8]);
        Assert.Equal(images[8], images[9]);
        Assert.Equal(images.Count - 2, images.Distinct().Count());
        Assert.Equal((3, 5), (mix.First(_sampler), mix.Last(_sampler)));
    }

    [Fact]
    public void Draw_AllLayers_IsTheColumnsFace()
    {
        var images = new StyleMix([new(1, 0)], [new(2, 1), new(3, 2)], 0, 5).Draw(_sampler, new());
        Assert.Equal(images[1], images[4]);
        Assert.Equal(images[2], images[5]);
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(-1, 2)]
    [InlineData(4, 3)]
    public void Draw_OtherLayers_AreRefused(int first, int last)
    {
        var mix = new StyleMix([new(1, 0)], [new(2, 0)], first, last);
        Assert.Contains("0 to 5", Assert.Throws<OptionException>(() => mix.Draw(_sampler, new())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Grid_Images_AreLaidOutAndEnlarged()
    {
        var picture = Picture.Grid([[1, 2], null, [3, 4], [5, 6]], new ImageShape(1, 1, 2), 2, 2);
        Assert.Equal(new ImageShape(1, 4, 8), picture.Shape);
        byte[] above = [1, 1, 2, 2, 128, 128, 128, 128], below = [3, 3, 4, 4, 5, 5, 6, 6];
        Assert.Equal([.. above, .. above, .. below, .. below], picture.Pixels);
    }

    public void Dispose()
    {
        _sampler.Dispose();
        _folder.Dispose();
    }
}
