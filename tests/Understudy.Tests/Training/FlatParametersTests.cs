using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class FlatParametersTests
{
    [Fact]
    public void Construction_KeepsValues_AndViewsShareThem()
    {
        using var linear = nn.Linear(3, 2);
        var before = linear.weight!.detach().clone();
        using var flat = new FlatParameters(linear);
        Assert.True(before.eq(linear.weight!).all().item<bool>());
        using (no_grad()) flat.Values.fill_(2);
        Assert.Equal(2f, linear.bias![1].item<float>());
    }

    [Fact]
    public void Backward_FillsTheFlatGradient_AsTheModuleAloneWould()
    {
        using var linear = nn.Linear(3, 2);
        var x = arange(12, dtype: ScalarType.Float32).view(4, 3);
        linear.call(x).pow(2).sum().backward();
        var expected = linear.weight!.grad!.clone();
        using var flat = new FlatParameters(linear);
        linear.call(x).pow(2).sum().backward();
        var (name, weight) = flat.Views(flat.Gradient).First(v => v.Name == "weight");
        Assert.Equal("weight", name);
        Assert.True(expected.eq(weight).all().item<bool>());
        flat.ZeroGradient();
        Assert.Equal(0f, linear.weight!.grad!.abs().max().item<float>());
    }

    [Fact]
    public void CleanGradient_NanAndInfinity_BecomeZeroAndLargeNumbers()
    {
        using var linear = nn.Linear(2, 1);
        using var flat = new FlatParameters(linear);
        linear.weight!.grad!.copy_(tensor(new[] { float.NaN, float.NegativeInfinity }).view(1, 2));
        linear.bias!.grad!.fill_(float.PositiveInfinity);
        Assert.True(double.IsNaN(flat.CleanGradient()));
        Assert.Equal([0f, -1e5f], linear.weight!.grad!.data<float>().ToArray());
        Assert.Equal([1e5f], linear.bias!.grad!.data<float>().ToArray());
    }

    [Fact]
    public void CleanGradient_OrdinaryGradient_ReturnsItsNorm()
    {
        using var linear = nn.Linear(2, 1);
        using var flat = new FlatParameters(linear);
        linear.weight!.grad!.copy_(tensor(new[] { 3f, 4f }).view(1, 2));
        Assert.Equal(5, flat.CleanGradient(), 1e-6);
    }
}
