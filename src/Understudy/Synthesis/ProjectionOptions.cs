using Understudy.Common;

namespace Understudy.Synthesis;

/// <summary>How an image is projected.</summary>
public sealed record ProjectionOptions
{
    /// <summary>Steps of optimisation, 20 to 100,000.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>
    /// The largest step size, 0.0001 to 10; it grows over the first twentieth of the steps and falls over the last quarter.
    /// </summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>
    /// The class whose mean w is the start; null tries every class for a quarter of the steps and takes the nearest.
    /// </summary>
    public int? Label { get; init; }

    /// <summary>A w of its own for every layer ("W+"): nearer to any image, less of a face of the generator's.</summary>
    public bool EveryLayer { get; init; }

    /// <summary>
    /// Learns the noise patterns too, held to noise by <see cref="NoiseWeight"/>; otherwise the stored ones stay.
    /// </summary>
    public bool LearnNoise { get; init; } = true;

    /// <summary>Weight of the noise's correlation with its neighbours, 0 to 1,000,000.</summary>
    public double NoiseWeight { get; init; } = 100;

    /// <summary>
    /// Weight of w's distance from where it began, 0 to 1000: more keeps to likely faces, 0 takes whatever is nearest.
    /// </summary>
    public double Prior { get; init; } = 0.002;

    /// <summary>Of the disturbances that keep the search from the nearest hollow.</summary>
    public ulong Seed { get; init; }

    /// <exception cref="OptionException">Names the key, the value and the range.</exception>
    public ProjectionOptions Validate()
    {
        OptionException.RequireRange("steps", Steps, 20, 100_000);
        OptionException.RequireRange("learning_rate", LearningRate, 1e-4, 10);
        OptionException.RequireRange("noise_weight", NoiseWeight, 0, 1e6);
        OptionException.RequireRange("prior", Prior, 0, 1000);
        return this;
    }
}
