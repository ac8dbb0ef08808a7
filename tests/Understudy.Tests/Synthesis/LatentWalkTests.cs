using Understudy.Common;
using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;
using Understudy.Tests.Networks;
using static TorchSharp.torch;

namespace Understudy.Tests.Synthesis;

[Collection("torch")]
public sealed class LatentWalkTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Sampler _sampler;

    public LatentWalkTests() => _sampler = TinyGenerator.Sampler(_folder);

    [Fact]
    public void Slerp_RightAngle_GoesAlongTheCircle()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (tensor(new[] { 2f, 0, 0 }), tensor(new[] { 0f, 2, 0 }));
        for (int i = 0; i <= 4; i++)
        {
            var angle = Math.PI / 2 * i / 4;
            Near.Equal(tensor(new[] { (float)(2 * Math.Cos(angle)), (float)(2 * Math.Sin(angle)), 0 }),
                LatentWalk.Slerp(a, b, i / 4.0), 1e-6);
        }
    }

    [Fact]
    public void Slerp_LengthsAndDirections_MeetTheEnds()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(16), randn(16) * 3);
        Near.Equal(a, LatentWalk.Slerp(a, b, 0), 1e-5);
        Near.Equal(b, LatentWalk.Slerp(a, b, 1), 1e-5);
        Assert.Equal((a.norm().item<float>() + b.norm().item<float>()) / 2, LatentWalk.Slerp(a, b, .5).norm().item<float>(), 3);
        Near.Equal(a, LatentWalk.Slerp(a, a, .3), 1e-5);
        Assert.Equal(0, LatentWalk.Slerp(a, -a, .5).norm().item<float>(), 4);
    }

    [Theory]
    [InlineData(WalkSpace.Z)]
    [InlineData(WalkSpace.W)]
    public void Draw_Walk_PassesEveryStation(WalkSpace space)
    {
        Face[] stations = [new(1, 0), new(2, 0), new(2, 2)];
        var options = new ToolOptions { Psi = 0.7, Center = Center.Class };
        var alone = stations.Select(s =>
            Convert.ToHexString(new LatentWalk([s, s], 1, Loop: true, space).Draw(_sampler, options)[0])).ToList();

        var loop = new LatentWalk(stations, 4, Loop: true, space);
        var images = loop.Draw(_sampler, options).Select(Convert.ToHexString).ToList();
        var open = new LatentWalk(stations, 4, Loop: false, space).Draw(_sampler, options).Select(Convert.ToHexString).ToList();

        Assert.Equal((12, 9), (images.Count, open.Count));
        Assert.Equal(12, loop.Length);
        Assert.Equal(alone, [images[0], images[4], images[8]]);
        Assert.Equal(alone, [open[0], open[4], open[8]]);
        Assert.Equal(12, images.Distinct().Count());
    }

    [Fact]
    public void Draw_AcrossClassesInW_IsHalfWayBetweenTheTwo()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var latents = new Latents(_sampler, new());
        var ends = latents.Map([new(3, 0), new(3, 1)]);
        var middle = latents.Draw(ends.mean([0], keepdim: true));
        Assert.Equal(middle[0], new LatentWalk([new(3, 0), new(3, 1)], 2).Draw(_sampler, new())[1]);
    }

    [Theory]
    [InlineData("two stations", 1, 5)]
    [InlineData("steps: 0", 2, 0)]
    public void Draw_NoWalk_IsRefused(string says, int stations, int steps)
    {
        var walk = new LatentWalk([.. Enumerable.Range(0, stations).Select(i => new Face(i, 0))], steps);
        Assert.Contains(says, Assert.Throws<OptionException>(() => walk.Draw(_sampler, new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_UnknownClassOrRandomNoise_IsRefused()
    {
        var walk = new LatentWalk([new(0, 0), new(0, 3)], 2);
        Assert.Contains("draws 0 to 2", Assert.Throws<OptionException>(() => walk.Draw(_sampler, new())).Message,
            StringComparison.Ordinal);
        Assert.Contains("flicker",
            Assert.Throws<OptionException>(() => walk.Draw(_sampler, new() { Noise = NoiseMode.Random })).Message,
                StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _sampler.Dispose();
        _folder.Dispose();
    }
}
