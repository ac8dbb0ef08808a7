using Understudy.Common;

namespace Understudy.Tests.Training.Classification;

/// <summary>Keeps what a training says.</summary>
internal sealed class Told : ProgressSink
{
    public List<string> Lines { get; } = [];

    public override void Report(string task, double done, double total, string unit, string? note = null) { }

    public override void Say(string line) => Lines.Add(line);
}
