using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// He et al.'s initialisation (arXiv 1502.01852) from keyed draws: convolutions normal with variance 2 / fan-out, linear layers normal with
/// variance 1 / fan-in, biases 0, batch norms 1 and 0. (Starting residual branches at 0, as deep networks do, leaves a net of one block per
/// stage with nothing but its strided 1×1 convolutions for the first epochs.)
/// </summary>
internal static class Initialisation
{
    public static void Apply(nn.Module net, ulong seed)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, p) in net.named_parameters())
        {
            if (p.dim() >= 2)
            {
                var variance = p.dim() == 4 ? 2.0 / (p.shape[0] * p.shape[2] * p.shape[3]) : 1.0 / p.shape[1];
                p.copy_(Normal(p.shape, Math.Sqrt(variance), new KeyedRandom(seed, "classifier/init/" + name)));
            }
            else if (name.EndsWith(".bias", StringComparison.Ordinal)) p.zero_();
            else p.fill_(1);
        }
    }

    private static Tensor Normal(long[] shape, double deviation, KeyedRandom random)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(deviation * random.Normal());
        return tensor(values, shape);
    }
}
