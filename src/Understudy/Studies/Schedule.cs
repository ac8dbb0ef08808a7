namespace Understudy.Studies;

/// <summary>How long a plan takes when several stages run at once, in the order the <see cref="Executor"/> takes them.</summary>
internal static class Schedule
{
    /// <param name="stages">In an order where inputs come before what reads them; an input that is not among them counts as
    /// done.</param>
    /// <param name="seconds">Of a stage, by itself or beside others, with the threads it gets when <paramref name="jobs"/> share
    /// them.</param>
    /// <returns>Seconds from the first stage's start to the last one's end.</returns>
    public static double Seconds(IReadOnlyList<Stage> stages, int jobs, Func<Stage, double> seconds)
    {
        var waiting = stages.DistinctBy(s => s.Id).ToList();
        var open = waiting.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        var running = new List<(double End, string Id)>();
        double now = 0;
        while (waiting.Count > 0 || running.Count > 0)
        {
            while (running.Count < jobs && waiting.FindIndex(s => !s.Inputs.Any(i => open.Contains(i.Id))) is >= 0 and var next)
            {
                running.Add((now + seconds(waiting[next]), waiting[next].Id));
                waiting.RemoveAt(next);
            }
            var first = running.MinBy(r => r.End);
            running.Remove(first);
            open.Remove(first.Id);
            now = first.End;
        }
        return now;
    }
}
