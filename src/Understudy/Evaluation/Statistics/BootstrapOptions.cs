using Understudy.Common;

namespace Understudy.Evaluation.Statistics;

/// <summary>How test images are resampled.</summary>
/// <param name="Replicates">Resamples, 100 to 1,000,000.</param>
/// <param name="Level">Confidence level, .5 to .999.</param>
/// <param name="Seed">The same seed draws the same resamples on every machine.</param>
public sealed record BootstrapOptions(int Replicates = 2000, double Level = 0.95, ulong Seed = 0)
{
    /// <exception cref="OptionException">A value out of range.</exception>
    public BootstrapOptions Validate()
    {
        OptionException.RequireRange("bootstrap", Replicates, 100, 1_000_000);
        OptionException.RequireRange("level", Level, 0.5, 0.999);
        return this;
    }
}
