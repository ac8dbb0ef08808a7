namespace Understudy.Studies;

/// <summary>
/// The first line on a stage process's standard input. When that input ends, the parent is gone or wants it to stop.
/// </summary>
internal sealed record StageOrder(Stage Stage, int Threads);
