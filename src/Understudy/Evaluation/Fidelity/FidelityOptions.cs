using Understudy.Common;

namespace Understudy.Evaluation.Fidelity;

/// <summary>How fidelity and diversity are measured. The defaults are those of the papers named at each metric.</summary>
public sealed record FidelityOptions
{
    /// <summary>Everything random comes from this and nothing else.</summary>
    public ulong Seed { get; init; }

    /// <summary>Independent draws of images; every score is the mean over them, its range their least and greatest.</summary>
    public int Draws { get; init; } = 10;

    /// <summary>Most images of each side per draw.</summary>
    public int MaxImages { get; init; } = 3000;

    /// <summary>Most images per draw for the Vendi score, whose value depends on their number.</summary>
    public int VendiImages { get; init; } = 1000;

    /// <summary>
    /// Most principal components for the Fréchet distance where the features have more numbers than the images support.
    /// </summary>
    public int FrechetComponents { get; init; } = 128;

    /// <summary>k of precision and recall.</summary>
    public int PrecisionNeighbours { get; init; } = 3;

    /// <summary>k of density and coverage.</summary>
    public int CoverageNeighbours { get; init; } = 5;

    /// <exception cref="OptionException">The key, its value and its range.</exception>
    public void Validate()
    {
        OptionException.RequireRange("draws", Draws, 1, 1000);
        OptionException.RequireRange("max-images", MaxImages, 20, 1_000_000);
        OptionException.RequireRange("vendi-images", VendiImages, 20, 20_000);
        OptionException.RequireRange("frechet-components", FrechetComponents, 1, 4096);
        OptionException.RequireRange("precision-neighbours", PrecisionNeighbours, 1, 15);
        OptionException.RequireRange("coverage-neighbours", CoverageNeighbours, 1, 15);
    }
}
