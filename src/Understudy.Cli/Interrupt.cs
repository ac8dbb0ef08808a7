using System.Runtime.InteropServices;

namespace Understudy.Cli;

/// <summary>
/// Ctrl-C and SIGTERM become a cancellation: work finishes its step and writes a checkpoint. The second one ends the process at
/// once.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    public Interrupt(TextWriter error)
    {
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, context =>
        {
            context.Cancel = true;
            if (Interlocked.Increment(ref _count) > 1) Environment.Exit(CommandLine.Interrupted);
            error.WriteLine("\nstopping after this step; once more stops at once");
            _source.Cancel();
        }))];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var s in _signals) s.Dispose();
        _source.Dispose();
    }
}
