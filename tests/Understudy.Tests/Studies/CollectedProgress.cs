using Understudy.Common;

namespace Understudy.Tests.Studies;

/// <summary>Keeps what was said.</summary>
internal sealed class CollectedProgress : ProgressSink
{
    private readonly List<string> _lines = [], _tasks = [];

    public IReadOnlyList<string> Lines { get { lock (_lines) return [.. _lines]; } }

    public IReadOnlyList<string> Tasks { get { lock (_lines) return [.. _tasks]; } }

    public override void Report(string task, double done, double total, string unit, string? note = null)
    {
        lock (_lines) _tasks.Add(task);
    }

    public override void Say(string line)
    {
        lock (_lines) _lines.Add(line);
    }
}
