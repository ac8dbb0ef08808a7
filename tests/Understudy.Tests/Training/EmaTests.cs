using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class EmaTests
{
    [Fact]
    public void Update_HandWorkedTrace_ParametersAveragedBuffersCopied()
    {
        using var live = nn.BatchNorm1d(1);
        using var shadow = nn.BatchNorm1d(1);
        using var flat = new FlatParameters(live);
        using var ema = new Ema(flat, shadow);
        foreach (var (value, expected) in new[] { (3f, 1.5f), (3f, 1.875f), (-1f, 1.15625f) })   // from weight 1, beta 0.75
        {
            using (no_grad()) { live.weight!.fill_(value); live.running_mean!.fill_(10 * value); }
            ema.Update(0.75);
            Assert.Equal(expected, shadow.weight!.item<float>());
            Assert.Equal(10 * value, shadow.running_mean!.item<float>());
        }
    }

    [Fact]
    public void Construction_OtherModule_IsRefused()
    {
        using var live = nn.Linear(2, 2);
        using var flat = new FlatParameters(live);
        Assert.Throws<ArgumentException>(() => new Ema(flat, nn.Linear(3, 2)));
    }

    /// <summary>0.5^(batch / min(kimg·1000, images·ramp)): the ramp holds until 10 kimg / 0.05 = 200 k images.</summary>
    [Theory]
    [InlineData(32, 10, 0.05, 0, 0.0)]
    [InlineData(32, 10, 0.05, 640, 0.5)]
    [InlineData(32, 10, 0.05, 200_000, 0.9977843871)]
    [InlineData(32, 10, 0.05, 5_000_000, 0.9977843871)]
    [InlineData(32, 10, 0, 640, 0.9977843871)]
    public void HalfLifeBeta_FollowsTheRamp(int batch, double kimg, double ramp, long images, double expected) =>
        Assert.Equal(expected, Ema.HalfLifeBeta(batch, kimg, ramp, images), 1e-8);
}
