using Understudy.Common;

namespace Understudy.Studies;

/// <summary>What a stage's process tells its parent, one line of JSON each: progress, a line to keep, or how it failed.</summary>
internal sealed record StageMessage(string? Task = null, double Done = 0, double Total = 0, string? Unit = null,
    string? Note = null,
    string? Say = null, string? Failed = null, int Exit = 0)
{
    /// <summary>Null for a line that is none of ours, such as what a native library prints.</summary>
    public static StageMessage? Parse(string line)
    {
        if (!line.StartsWith("{\"task\":", StringComparison.Ordinal)) return null;
        try { return StrictJson.Read<StageMessage>(line, "a stage's message"); }
        catch (InvalidDataException) { return null; }
    }
}
