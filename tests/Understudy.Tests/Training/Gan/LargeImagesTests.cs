using Understudy.Networks.StyleGan2;
using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

/// <summary>The largest sizes, as thin as they go: one step with everything in it.</summary>
[Collection("torch")]
public sealed class LargeImagesTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    public void Step_LargeImages_TrainsEveryBlockAndDrawsThatSize(int size)
    {
        var data = TwoTones.Draw(4, size, 3);
        var options = TinyGan.Smallest with { Batch = 2, StddevGroup = 2, ChannelBase = 2048, R1Interval = 1, EmaKimg = 0.01 };
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var session = new GanSession(data, options.Resolve(data.Shape, 2), 1);
        var before = session.Discriminator.named_parameters().ToDictionary(p => p.name, p => p.parameter.clone());
        using (enable_grad()) session.Step();
        var seen = session.Stats.Take();
        Assert.All(seen, v => Assert.True(double.IsFinite(v.Value), v.Key));
        Assert.True(seen["loss/r1"] > 0);
        Assert.Contains($"b{size}.conv0.weight", before.Keys);
        Assert.All(session.Discriminator.named_parameters().Where(p => p.name.EndsWith("weight", StringComparison.Ordinal)),
            p => Assert.True((p.parameter - before[p.name]).abs().max().item<float>() > 0, p.name));
        var ws = session.Averaged.Map(new Keys(1).Normal("z", 0, 2, 8), LabelEncoding.OneHot([0, 1], 2));
        var images = session.Averaged.Synthesize(ws, NoiseMode.Const);
        Assert.Equal([2L, 3, size, size], images.shape);
        Assert.True(images.isfinite().all().item<bool>());
    }
}
