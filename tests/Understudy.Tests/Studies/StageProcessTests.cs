using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Tests.Studies;

/// <summary>A stage's process, played by the shell.</summary>
public sealed class StageProcessTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Stage _stage = new("generator g32", "generator", 1, 0, "{}", []);

    [Theory]
    [InlineData("kill -SEGV $$", "crashed in native code (signal 11)")]
    [InlineData("kill -ABRT $$", "was aborted by a native library (signal 6)")]
    [InlineData("kill -KILL $$", "was killed (signal 9): most often the system, out of memory; use a smaller batch or --jobs 1")]
    [InlineData("kill -TERM $$", "was ended by signal 15")]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("exit 0", "ended without finishing its work")]
    public void Run_ChildDies_SaysWhichStageAndWhy(string death, string why)
    {
        var e = Assert.Throws<StageException>(() =>
            Run($"echo 'terminate called' >&2; echo 'not ours'; {death}", new CollectedProgress(), default));

        Assert.Equal(1, e.Exit);
        Assert.StartsWith($"generator g32: its process {why}; its last words: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("terminate called", e.Message, StringComparison.Ordinal);
        Assert.Contains($"(log: {Folder.Log})", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("What is done is kept: the same command goes on from there", e.Message, StringComparison.Ordinal);
        Assert.Contains("terminate called", File.ReadAllText(Folder.Log), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ChildFailsInWords_PassesThemAndItsExitCodeOn()
    {
        var e = Assert.Throws<StageException>(() =>
            Run("""echo '{"task":null,"failed":"x.png: is cut short","exit":2}'; exit 2""", new CollectedProgress(), default));

        Assert.Equal(("generator g32: x.png: is cut short", 2), (e.Message, e.Exit));
    }

    /// <summary>A log that knows nothing of the work would say "nothing new" for hours.</summary>
    [Fact]
    public void Messages_WhatTheParentIsTold_TheLogIsTold()
    {
        var (sent, log) = (new StringWriter(), new CollectedProgress());
        var progress = new MessageProgress(sent, log);
        progress.Report("train", 1, 2, "step");
        progress.Say("a word");

        Assert.Equal([("train", null), (null, "a word")],
            sent.ToString().Split('\n')[..2].Select(l => StageMessage.Parse(l)!).Select(m => (m.Task, m.Say)));
        Assert.Equal(["train"], log.Tasks);
        Assert.Equal(["a word"], log.Lines);
    }

    [Fact]
    public void Run_Messages_ReachTheParent()
    {
        var progress = new CollectedProgress();

        Assert.Throws<StageException>(() =>
            Run("""echo '{"task":"train","done":1,"total":2,"unit":"step"}'; echo '{"task":null,"say":"hello"}'; echo noise""",
                progress, default));

        Assert.Equal(["train"], progress.Tasks);
        Assert.Equal(["hello"], progress.Lines);
    }

    [Fact]
    public async Task Run_Cancelled_EndsTheChildsInputAndWaitsForIt()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new CollectedProgress();
        var run = Task.Run(() =>
            Run("""echo '{"task":"train","done":1,"total":2}'; cat > /dev/null; echo '{"task":null,"say":"checkpoint"}'; exit 130""", progress, cancel.Token));
        SpinWait.SpinUntil(() => progress.Tasks.Count > 0, TimeSpan.FromSeconds(20));
        await cancel.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Equal(["checkpoint"], progress.Lines);
    }

    [Fact]
    public void Run_Order_ComesOnStandardInput()
    {
        var progress = new CollectedProgress();

        Assert.Throws<StageException>(() =>
            Run("""read line; printf '%s' "$line" > "$1/order"; printf '%s' "$OMP_NUM_THREADS" > "$1/threads" """, progress,
                default));

        var order = StrictJson.ReadFile<StageOrder>(Path.Combine(Folder.Path, "order"));
        Assert.Equal((_stage.Id, 2), (order.Stage.Id, order.Threads));
        Assert.Equal("2", File.ReadAllText(Path.Combine(Folder.Path, "threads")));
    }

    public void Dispose() => _temp.Dispose();

    private StageFolder Folder => new(_temp.Path, _stage);

    private void Run(string script, CollectedProgress progress, CancellationToken cancel) =>
        new StageProcess(new("/bin/sh", ["-c", script, "sh"]), _stage, Folder).Run(2, progress, cancel);
}
