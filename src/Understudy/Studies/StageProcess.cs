using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Understudy.Common;

namespace Understudy.Studies;

/// <summary>How to start a stage's process: a program and its first arguments; the stage's folder follows.</summary>
internal sealed record StageCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>
    /// The runtime that runs us, with the program's own assembly: right under <c>dotnet run</c>, <c>dotnet X.dll</c>, an
    /// installed tool and a test host alike, which all have it in their base folder.
    /// </summary>
    public static StageCommand For(string assemblyFile)
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        var host = Path.GetFullPath(
            Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var assembly = Path.Combine(AppContext.BaseDirectory, assemblyFile);
        if (!File.Exists(assembly)) throw new FileNotFoundException($"{assembly}: not found; stages need it", assembly);
        return new(File.Exists(host) ? host : "dotnet", [assembly, "stage"]);
    }
}

/// <summary>
/// A stage in a process of its own. Its progress is passed on, its standard error kept in the stage's log; when we are cancelled
/// or die, its standard input ends and it stops with a checkpoint; when it dies, we say which stage it was and why.
/// </summary>
internal sealed class StageProcess(StageCommand command, Stage stage, StageFolder folder)
{
    private const int LastWords = 5;
    private readonly Queue<string> _words = new();

    /// <exception cref="StageException">The stage failed or its process died.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop, and has.</exception>
    public void Run(int threads, ProgressSink progress, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder.Path);
        using var log = new StreamWriter(
            new FileStream(folder.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            AutoFlush = true
        };
        using var process = new Process { StartInfo = StartInfo(threads) };
        process.ErrorDataReceived += (_, e) => { if (e.Data is { } line) Keep(log, line); };
        process.Start();
        process.BeginErrorReadLine();
        Order(process, threads);
        StageMessage? failure = null;
        using (cancel.Register(() => Close(process)))
        {
            while (process.StandardOutput.ReadLine() is { } line)
            {
                var message = StageMessage.Parse(line);
                if (message is null) Keep(log, line);
                else if (message.Failed is not null) failure = message;
                else if (message.Say is { } say) progress.Say(say);
                else progress.Report(message.Task!, message.Done, message.Total, message.Unit ?? "", message.Note);
            }
        }
        process.WaitForExit();
        if (process.ExitCode == 0 && folder.IsDone) return;
        if (failure is not null) throw new StageException($"{stage.Label}: {failure.Failed}", failure.Exit);
        cancel.ThrowIfCancellationRequested();
        throw new StageException(Obituary(process.ExitCode), 1);
    }

    private ProcessStartInfo StartInfo(int threads)
    {
        var start = new ProcessStartInfo(command.Program, [.. command.Arguments, folder.Path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // libtorch's pools take their size when it loads.
        foreach (var name in new[] { "OMP_NUM_THREADS", "MKL_NUM_THREADS" })
            start.Environment[name] = threads.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return start;
    }

    private void Order(Process process, int threads)
    {
        try
        {
            process.StandardInput.Write(StrictJson.WriteLine(new StageOrder(stage, threads)) + "\n");
            process.StandardInput.Flush();
        }
        catch (IOException) { /* it died before it read; its exit tells */ }
    }

    private string Obituary(int exit)
    {
        // The runtime reports death by signal n as 128 + n.
        var why = exit switch
        {
            0 => "ended without finishing its work",
            128 + 9 => "was killed (signal 9): most often the system, out of memory; use a smaller batch or --jobs 1",
            128 + 6 => "was aborted by a native library (signal 6)",
            128 + 11 or 128 + 7 or 128 + 4 or 128 + 8 => $"crashed in native code (signal {exit - 128})",
            > 128 and < 160 => $"was ended by signal {exit - 128}",
            _ => $"ended with exit code {exit}",
        };
        string last;
        lock (_words) last = _words.Count == 0 ? "" : $"; its last words: {string.Join(" | ", _words)}";
        return $"{stage.Label}: its process {why}{last} (log: {folder.Log}). What is done is kept: the same command goes on from there";
    }

    private void Keep(StreamWriter log, string line)
    {
        lock (_words)
        {
            if (_words.Count == LastWords) _words.Dequeue();
            if (line.Length > 0) _words.Enqueue(line.Trim());
            try { log.WriteLine(line); }
            catch (IOException) { /* a full disk: the stage itself will say so */ }
        }
    }

    private static void Close(Process process)
    {
        try { process.StandardInput.Close(); }
        catch (IOException) { /* already gone */ }
    }
}
