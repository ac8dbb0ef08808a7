using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// He et al.'s initialisation (arXiv 1502.01852) from keyed draws: convolutions normal with variance 2 / fan-out, linear layers
/// normal with variance 1 / fan-in, biases 0, batch norms 1 and 0. Bottlenecks beside an identity begin as that identity, their
/// last batch norm at 0 and 0 (Goyal et al. 2017, arXiv 1706.02677, section 5.1): sixteen branches added up would begin with
/// logits that are worse than none. (Other branches are not begun at 0, as it leaves a net of one block per stage with nothing
/// but its strided 1×1 convolutions for the first epochs.)
/// </summary>
internal static class Initialisation
{
    public static void Apply(nn.Module net, ulong seed)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var depthwise = net.named_modules().Where(m => m.module is Depthwise).Select(m => m.name + ".weight")
            .ToHashSet(StringComparer.Ordinal);
        var silent = net.named_modules().Where(m => m.module is Bottleneck { BesideIdentity: true })
            .Select(m => $"{m.name}.{Bottleneck.LastNorm}.weight").ToHashSet(StringComparer.Ordinal);
        foreach (var (name, p) in net.named_parameters())
        {
            if (p.dim() >= 2)
            {
                // A number that a depthwise convolution reads has a part in k × k results, in others in as many for every output
                // channel.
                var channels = depthwise.Contains(name) ? 1 : p.shape[0];
                var variance = p.dim() == 4 ? 2.0 / (channels * p.shape[2] * p.shape[3]) : 1.0 / p.shape[1];
                p.copy_(Normal(p.shape, Math.Sqrt(variance), new KeyedRandom(seed, "classifier/init/" + name)));
            }
            else if (silent.Contains(name) || name.EndsWith(".bias", StringComparison.Ordinal)) p.zero_();
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
