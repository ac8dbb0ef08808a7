namespace Understudy.Training;

/// <summary>
/// Training went where it cannot come back from: weights that are no numbers, losses without bound, a class that collapsed.
/// </summary>
/// <param name="symptom">What was seen, and when, without a full stop.</param>
/// <param name="advice">What to change: whole sentences, but for the last full stop.</param>
public sealed class TrainingDivergedException(string symptom, string advice) : Exception($"{symptom}. {advice}")
{
    /// <summary>What was seen, and when.</summary>
    public string Symptom { get; } = symptom;
}
