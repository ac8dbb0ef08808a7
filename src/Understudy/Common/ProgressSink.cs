namespace Understudy.Common;

/// <summary>
/// What a long piece of work says while it runs. The command line draws bars or plain lines from it, a stage process sends it
/// to its parent as lines of JSON, tests collect it.
/// </summary>
public abstract class ProgressSink
{
    /// <summary>Says nothing.</summary>
    public static ProgressSink None { get; } = new Silent();

    /// <param name="task">What is being done, in two or three words: "train generator".</param>
    /// <param name="done">Work done so far, from 0 to <paramref name="total"/>, in <paramref name="unit"/>s.</param>
    /// <param name="unit">"image", "step", "epoch": rates and remaining time are derived from it.</param>
    /// <param name="note">What else is worth seeing now: a loss, an accuracy.</param>
    public abstract void Report(string task, double done, double total, string unit, string? note = null);

    /// <summary>A line worth keeping on the screen: a result, a warning.</summary>
    public abstract void Say(string line);

    private sealed class Silent : ProgressSink
    {
        public override void Report(string task, double done, double total, string unit, string? note) { }
        public override void Say(string line) { }
    }
}
