namespace Understudy.Training;

/// <summary>A line of a run's <c>incidents.jsonl</c>: what went wrong, and where training went on.</summary>
/// <param name="Number">1 for the run's first; as many times has its learning rate been halved.</param>
/// <param name="Step">Where it was noticed.</param>
/// <param name="BackTo">The step of the checkpoint that training went on from.</param>
/// <param name="LearningRate">From there on.</param>
/// <param name="What">In words.</param>
public sealed record Incident(int Number, long Step, long BackTo, double LearningRate, string What);
