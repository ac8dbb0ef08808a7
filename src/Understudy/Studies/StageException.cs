namespace Understudy.Studies;

/// <summary>
/// A stage did not come to its end: which, why, and what to do. <see cref="Exit"/>: 1 on the way, 2 by the caller's input.
/// </summary>
public sealed class StageException(string message, int exit) : Exception(message)
{
    public int Exit { get; } = exit;
}
