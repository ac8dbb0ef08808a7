using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;

namespace Understudy.Synthesis;

/// <summary>What truncation draws towards.</summary>
public enum Center
{
    /// <summary>The mean w of all that was learned: small ψ also pulls the classes together.</summary>
    Global,

    /// <summary>The mean w of the image's own class: small ψ makes typical images of it.</summary>
    Class,
}

/// <summary>How images are drawn from a generator.</summary>
public sealed record SamplingOptions
{
    /// <summary>The root of all draws: another seed, other images.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Truncation ψ, −2 to 2: 1 draws from all the generator knows, 0 gives every class's mean image; between, safer and more
    /// alike.
    /// </summary>
    public double Psi { get; init; } = 1;

    /// <summary>Where ψ 0 lies.</summary>
    public Center Center { get; init; } = Center.Global;

    /// <summary>Per-pixel noise: fresh for every image as in training, one fixed pattern, or none.</summary>
    public NoiseMode Noise { get; init; } = NoiseMode.Random;

    /// <summary>The number format of feature maps; null: the one the generator was trained with.</summary>
    public Precision? Precision { get; init; }

    /// <exception cref="OptionException">Names the key, the value and the range.</exception>
    public SamplingOptions Validate()
    {
        OptionException.RequireRange("psi", Psi, -2, 2);
        return this;
    }
}
