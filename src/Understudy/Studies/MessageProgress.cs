using System.Diagnostics;
using Understudy.Common;

namespace Understudy.Studies;

/// <summary>Progress as lines of JSON on a writer, at most ten a second for a task.</summary>
/// <param name="log">Is told the same: what a person who opens the stage's log reads.</param>
internal sealed class MessageProgress(TextWriter writer, ProgressSink log) : ProgressSink
{
    private readonly Dictionary<string, long> _sent = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public override void Report(string task, double done, double total, string unit, string? note = null)
    {
        lock (_gate)
        {
            if (done < total && _sent.TryGetValue(task, out var at) && Stopwatch.GetElapsedTime(at).TotalSeconds < .1) return;
            _sent[task] = Stopwatch.GetTimestamp();
            log.Report(task, done, total, unit, note);
            Send(new(task, done, total, unit, note));
        }
    }

    public override void Say(string line)
    {
        log.Say(line);
        lock (_gate) Send(new(Say: line));
    }

    public void Fail(string message, int exit)
    {
        lock (_gate) Send(new(Failed: message, Exit: exit));
    }

    private void Send(StageMessage message)
    {
        writer.Write(StrictJson.WriteLine(message) + "\n");
        writer.Flush();
    }
}
