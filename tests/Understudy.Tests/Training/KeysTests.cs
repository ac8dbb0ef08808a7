using Understudy.Training;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class KeysTests
{
    [Fact]
    public void Normal_SameKey_SameNumbers_OtherStepOtherNumbers()
    {
        var keys = new Keys(7);
        var a = keys.Normal("z", 3, 4, 5).data<float>().ToArray();
        Assert.Equal(a, keys.Normal("z", 3, 4, 5).data<float>().ToArray());
        Assert.NotEqual(a, keys.Normal("z", 4, 4, 5).data<float>().ToArray());
        Assert.NotEqual(a, keys.Normal("y", 3, 4, 5).data<float>().ToArray());
        Assert.NotEqual(a, new Keys(8).Normal("z", 3, 4, 5).data<float>().ToArray());
    }

    [Fact]
    public void Uniform_ManyDraws_FillTheUnitIntervalEvenly()
    {
        var u = new Keys(1).Uniform("u", 0, 100_000);
        Assert.InRange(u.min().item<float>(), 0f, 1e-3f);
        Assert.InRange(u.max().item<float>(), 0.999f, MathF.BitDecrement(1f));
        Assert.InRange(u.mean().item<float>(), 0.495f, 0.505f);
    }

    [Fact]
    public void Generator_SameKey_SameNoise()
    {
        var keys = new Keys(7);
        var a = TorchSharp.torch.randn(20, generator: keys.Generator("noise", 2));
        Assert.Equal(a.data<float>().ToArray(),
            TorchSharp.torch.randn(20, generator: keys.Generator("noise", 2)).data<float>().ToArray());
        Assert.NotEqual(a.data<float>().ToArray(),
            TorchSharp.torch.randn(20, generator: keys.Generator("noise", 3)).data<float>().ToArray());
    }
}
