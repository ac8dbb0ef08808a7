using Understudy.Training;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Optimisers;

/// <summary>Each optimiser against its equation, worked in double precision one parameter at a time.</summary>
[Collection("torch")]
public sealed class OptimiserTests
{
    private static readonly double[] Start = [0.5, -1.0, 2.0, 0.25, -0.75, 1.5];
    private static readonly double[][] Gradients =
        [[0.1, -0.2, 0.3, 0.0, 1.0, -1.0], [0.2, 0.1, -0.3, 0.5, -1.0, 0.0], [-0.4, 0.05, 0.02, 0.0, 0.3, 100.0]];

    [Theory]
    [InlineData(0.0, 0.99, 0.0)]
    [InlineData(0.9, 0.999, 0.0)]
    [InlineData(0.9, 0.95, 0.1)]
    public void Adam_ThreeSteps_MatchTheEquation(double beta1, double beta2, double decay)
    {
        const double lr = 0.01, eps = 1e-8;
        var expected = Start.ToArray();
        double[] m = new double[6], v = new double[6];
        for (int t = 1; t <= 3; t++)
        {
            for (int i = 0; i < 6; i++)
            {
                var g = Gradients[t - 1][i];
                if (i < 4) expected[i] *= 1 - lr * decay;
                m[i] = beta1 * m[i] + (1 - beta1) * g;
                v[i] = beta2 * v[i] + (1 - beta2) * g * g;
                expected[i] -= lr * (m[i] / (1 - Math.Pow(beta1, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, t))) + eps);
            }
        }
        AssertClose(expected, Run(p => new Adam(p, lr, beta1, beta2, eps, decay)));
    }

    [Theory]
    [InlineData(0.0, false, 0.0)]
    [InlineData(0.9, false, 0.0)]
    [InlineData(0.9, true, 0.1)]
    public void Sgd_ThreeSteps_MatchTheEquation(double momentum, bool nesterov, double decay)
    {
        const double lr = 0.05;
        var expected = Start.ToArray();
        var b = new double[6];
        foreach (var gradient in Gradients)
        {
            for (int i = 0; i < 6; i++)
            {
                var g = gradient[i] + (i < 4 ? decay * expected[i] : 0);
                b[i] = momentum * b[i] + g;
                expected[i] -= lr * (momentum == 0 ? g : nesterov ? g + momentum * b[i] : b[i]);
            }
        }
        AssertClose(expected, Run(p => new Sgd(p, lr, momentum, nesterov, decay)));
    }

    /// <summary>
    /// With β₁ = 0.9 and any gradient, the first step has the length of the learning rate.
    /// </summary>
    [Fact]
    public void Adam_FirstStep_HasTheLengthOfTheLearningRate()
    {
        using var linear = nn.Linear(3, 2);
        using var flat = new FlatParameters(linear);
        using var adam = new Adam(flat, 0.01);
        var before = linear.bias!.detach().clone();
        linear.bias!.grad!.copy_(tensor(new[] { 3f, -0.001f }));
        adam.Step();
        var moved = (linear.bias! - before).data<float>().ToArray();
        Assert.Equal(-0.01, moved[0], 1e-6);
        Assert.Equal(0.01, moved[1], 1e-6);
    }

    [Theory]
    [InlineData(false, false, false), InlineData(true, false, false), InlineData(true, true, false),
        InlineData(true, true, true), InlineData(false, true, true)]
    public void AdamStep_InOnePass_IsLibtorchs(bool hasMean, bool decays, bool factors)
    {
        using var scope = NewDisposeScope();
        // More than one chunk, and an odd rest.
        const int count = 20_000;
        Tensor Draw() => randn(count);
        var (gradient, mask, factor) = (Draw(), (Draw() > 0).to(ScalarType.Float32), Draw().abs());
        var one = new[] { Draw(), Draw(), Draw().square() };
        var other = one.Select(t => t.clone()).ToArray();
        var step = new AdamStep(hasMean ? .9 : 0, .99, .01, decays ? .003 : 0, .4, 1e-8);

        step.InOnePass(one[0], gradient, hasMean ? one[1] : null, one[2], decays ? mask : null, factors ? factor : null);
        step.ByLibtorch(other[0], gradient, hasMean ? other[1] : null, other[2], decays ? mask : null, factors ? factor : null);

        Assert.All(one.Zip(other), p => Assert.True(p.First.allclose(p.Second, 1e-5, 1e-6)));
    }

    private static float[] Run(Func<FlatParameters, Optimiser> make)
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 2);       // weight [2, 2] decays, bias [2] does not
        using var flat = new FlatParameters(linear);
        using (no_grad())
        {
            linear.weight!.copy_(tensor(Start[..4].Select(x => (float)x).ToArray()).view(2, 2));
            linear.bias!.copy_(tensor(Start[4..].Select(x => (float)x).ToArray()));
        }
        using var optimiser = make(flat);
        foreach (var g in Gradients)
        {
            optimiser.ZeroGradient();
            linear.weight!.grad!.copy_(tensor(g[..4].Select(x => (float)x).ToArray()).view(2, 2));
            linear.bias!.grad!.copy_(tensor(g[4..].Select(x => (float)x).ToArray()));
            optimiser.Step();
        }
        Assert.Equal(3, optimiser.Steps);
        return [.. linear.weight!.detach().contiguous().data<float>().ToArray(),
            .. linear.bias!.detach().data<float>().ToArray()];
    }

    private static void AssertClose(double[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 2e-6);
    }
}
