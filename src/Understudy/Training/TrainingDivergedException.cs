namespace Understudy.Training;

/// <summary>Training went where it cannot come back from: weights that are no numbers, losses without bound.</summary>
public sealed class TrainingDivergedException(string message) : Exception(message);
