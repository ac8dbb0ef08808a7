using Understudy.Common;
using Understudy.Networks.StyleGan2;

namespace Understudy.Synthesis;

/// <summary>How images are drawn from a generator.</summary>
public sealed record SamplingOptions
{
    /// <summary>The root of all draws: another seed, other images.</summary>
    public ulong Seed { get; init; }

    /// <summary>Truncation ψ, −2 to 2: 1 draws from all the generator knows, 0 gives every class's mean image; between, safer and more alike.</summary>
    public double Psi { get; init; } = 1;

    /// <summary>Per-pixel noise: fresh for every image as in training, one fixed pattern, or none.</summary>
    public NoiseMode Noise { get; init; } = NoiseMode.Random;

    /// <exception cref="OptionException">Names the key, the value and the range.</exception>
    public SamplingOptions Validate()
    {
        OptionException.RequireRange("psi", Psi, -2, 2);
        return this;
    }
}
