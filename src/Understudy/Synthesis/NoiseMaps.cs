using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Synthesis;

/// <summary>
/// The stored noise patterns of a generator as something to learn, held to being noise (Karras et al. 2020, arXiv 1912.04958,
/// appendix D).
/// </summary>
internal sealed class NoiseMaps
{
    private const int Coarsest = 8;

    /// <param name="generator">One that nobody else uses: its patterns are changed.</param>
    public NoiseMaps(Generator generator) =>
        Maps = [.. generator.named_buffers().Where(b => b.name.EndsWith("noise_const", StringComparison.Ordinal))
            .Select(b => (b.name, b.buffer.requires_grad_()))];

    /// <summary>Each [R, R], by its name in the state dictionary.</summary>
    public IReadOnlyList<(string Name, Tensor Map)> Maps { get; }

    /// <summary>
    /// Squared correlations of every pattern with itself shifted by a pixel, at all sizes down to 8 pixels: 0 for what carries no
    /// picture. Scalar, differentiable.
    /// </summary>
    public Tensor Correlation()
    {
        using var scope = NewDisposeScope();
        var sum = zeros(1);
        foreach (var (_, map) in Maps)
        {
            if (map.shape[0] < Coarsest) continue;
            for (var m = map.unsqueeze(0).unsqueeze(0); ; m = F.avg_pool2d(m, 2) * 2)
            {
                sum = sum + (m * m.roll(1, 3)).mean().square() + (m * m.roll(1, 2)).mean().square();
                if (m.shape[3] / 2 < Coarsest || m.shape[3] % 2 != 0) break;
            }
        }
        return sum.sum().MoveToOuterDisposeScope();
    }

    /// <summary>Mean 0 and variance 1 again, in place.</summary>
    public void Normalise()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var (_, map) in Maps) map.sub_(map.mean()).mul_(map.square().mean().add(1e-8).rsqrt());
    }
}
