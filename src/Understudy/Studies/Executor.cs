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
        var running = new List<(Task Task, Stage Stage)>();
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
                else running.Add(
                    (Task.Factory.StartNew(() => Do(stage, $"{number}/{total} {stage.Label}", stop.Token), CancellationToken.None,
                    TaskCreationOptions.LongRunning, TaskScheduler.Default), stage));
            }
            if (running.Count == 0) continue;
            var ended = Task.WaitAny([.. running.Select(r => r.Task)], CancellationToken.None);
            if (running[ended].Task.Exception?.InnerException is { } e)
            {
                // The first failure counts; those it stopped end with a cancellation.
                if (failure is null || failure is OperationCanceledException) failure = e;
                stop.Cancel();
            }
            else done.Add(running[ended].Stage.Id);
            running.RemoveAt(ended);
        }
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        cancel.ThrowIfCancellationRequested();
    }

    private void Do(Stage stage, string title, CancellationToken cancel)
    {
        var folder = new StageFolder(stagesFolder, stage);
        var kind = StageKinds.Get(stage.Kind);
        var titled = new Titled(progress, title);
        var clock = Stopwatch.StartNew();
        if (kind.Child) new StageProcess(command, stage, folder).Run(Threads, titled, cancel);
        else folder.Work(kind, Threads, titled, cancel);
        progress.Say($"{title}: {Human.Duration(clock.Elapsed)}");
    }

    /// <summary>Progress with the stage's title before the task.</summary>
    private sealed class Titled(ProgressSink inner, string title) : ProgressSink
    {
        public override void Report(string task, double done, double total, string unit, string? note = null) =>
            inner.Report($"{title}: {task}", done, total, unit, note);

        public override void Say(string line) => inner.Say(line);
    }
}
