using System.Diagnostics;
using Understudy.Common;

namespace Understudy.Studies;

/// <summary>
/// Does the stages of a plan in the order of their inputs, several at once where asked, none that is done already.
/// </summary>
internal sealed class Executor(string stagesFolder, StageCommand command, int jobs, ProgressSink progress)
{
    /// <summary>How many stages run at once.</summary>
    public int Jobs => jobs;

    /// <summary>Threads of each stage: the processor's, shared by the stages that run at once.</summary>
    public int Threads { get; } = Math.Max(1, Environment.ProcessorCount / jobs);

    /// <param name="stages">In an order where inputs come before what reads them.</param>
    /// <exception cref="StageException">The first stage that failed; the others have stopped with a checkpoint.</exception>
    public void Run(IReadOnlyList<Stage> stages, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var running = new List<Work>();
        var waiting = stages.DistinctBy(s => s.Id).Select((s, i) => (Stage: s, Number: i + 1)).ToList();
        var total = waiting.Count;
        Exception? failure = null;
        while (running.Count > 0 || (waiting.Count > 0 && failure is null && !cancel.IsCancellationRequested))
        {
            while (failure is null && running.Count < jobs
                && waiting.FindIndex(w => w.Stage.Inputs.All(i => done.Contains(i.Id))) is >= 0 and var next)
            {
                var (stage, number) = waiting[next];
                waiting.RemoveAt(next);
                if (stop.IsCancellationRequested) break;
                if (new StageFolder(stagesFolder, stage).IsDone) done.Add(stage.Id);
                else running.Add(Begin(stage, $"{number}/{total} {stage.Label}", stop.Token));
            }
            if (running.Count == 0) continue;
            var ended = running[Task.WaitAny([.. running.Select(r => r.Task)], CancellationToken.None)];
            running.Remove(ended);
            if (ended.Task.Exception?.InnerException is { } e)
            {
                // The first failure counts; those it stopped end with a cancellation.
                if (failure is null || failure is OperationCanceledException) failure = e;
                stop.Cancel();
                continue;
            }
            done.Add(ended.Stage.Id);
            var open = waiting.Select(w => w.Stage).Where(s => !new StageFolder(stagesFolder, s).IsDone);
            progress.Say($"{ended.Title}: {Human.Duration(ended.Clock.Elapsed)}{Rest(stages, running, [.. open])}");
        }
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        cancel.ThrowIfCancellationRequested();
    }

    private Work Begin(Stage stage, string title, CancellationToken cancel) => new(stage, title, Stopwatch.StartNew(),
        Task.Factory.StartNew(() => Do(stage, title, cancel), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

    private void Do(Stage stage, string title, CancellationToken cancel)
    {
        var folder = new StageFolder(stagesFolder, stage);
        var kind = StageKinds.Get(stage.Kind);
        var titled = new Titled(progress, title);
        if (kind.Child) new StageProcess(command, stage, folder).Run(Threads, titled, cancel);
        else folder.Work(kind, Threads, titled, cancel);
    }

    /// <summary>In words, how long what is left takes; of less than a minute nothing is said.</summary>
    private string Rest(IReadOnlyList<Stage> stages, List<Work> running, List<Stage> waiting)
    {
        var left = TimeLeft.Of(new(stagesFolder), stages, [.. running.Select(r => r.Stage), .. waiting], jobs,
            s => running.Find(r => r.Stage == s)?.Clock.Elapsed ?? TimeSpan.Zero);
        return left < TimeSpan.FromMinutes(1) ? "" : $"; the rest: about {Human.Duration(left)}";
    }

    /// <summary>A stage at work.</summary>
    private sealed record Work(Stage Stage, string Title, Stopwatch Clock, Task Task);

    /// <summary>Progress with the stage's title before the task.</summary>
    private sealed class Titled(ProgressSink inner, string title) : ProgressSink
    {
        public override void Report(string task, double done, double total, string unit, string? note = null) =>
            inner.Report($"{title}: {task}", done, total, unit, note);

        public override void Say(string line) => inner.Say(line);
    }
}
