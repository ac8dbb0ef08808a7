namespace Understudy.Training.Classification;

/// <summary>A training's steps, spread evenly over its epochs: each ends with a validation.</summary>
internal readonly record struct EpochClock(long TotalSteps, int Epochs)
{
    /// <param name="perPass">Steps of a pass over the selection.</param>
    public static EpochClock Of(ClassifierOptions options, int perPass) =>
        new(options.Steps ?? (long)options.Epochs * perPass, options.Epochs);

    /// <summary>The epochs that are over after so many steps.</summary>
    public int EpochsAfter(long steps) => (int)(steps * Epochs / TotalSteps);

    /// <summary>Whether an epoch is over after so many steps.</summary>
    public bool EndsEpoch(long steps) => EpochsAfter(steps) > EpochsAfter(steps - 1);
}
