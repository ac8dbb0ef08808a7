using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class GradientsTests
{
    [Fact]
    public void Of_Cube_GivesDerivativesOfEveryOrder()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0 }).requires_grad_(true);

        var first = Gradients.Of(x.pow(3), x);
        var second = Gradients.Of(first, x);

        Assert.Equal([3.0, 12.0], first.data<double>().ToArray());
        Assert.Equal([6.0, 12.0], second.data<double>().ToArray());
    }

    [Fact]
    public void Of_InputThatTheOutputDoesNotUse_GivesZerosNotACrash()
    {
        using var scope = NewDisposeScope();
        var (x, unused) = (ones(2).requires_grad_(true), ones(3).requires_grad_(true));

        var gradients = Gradients.Of(x * 2, [x, unused]);

        Assert.Equal([2f, 2f], gradients[0].data<float>().ToArray());
        Assert.Equal([0f, 0f, 0f], gradients[1].data<float>().ToArray());
    }

    [Fact]
    public void Of_WithoutAGraph_Throws()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_(true);

        Assert.Throws<ArgumentException>(() => Gradients.Of(ones(2), x));
        Assert.Throws<ArgumentException>(() => Gradients.Of(x * 2, ones(2)));
    }
}
