using System.Diagnostics;
using Understudy.Common;

namespace Understudy.Studies;

/// <summary>
/// A stage's folder: outputs, then <c>done.json</c> as the last file, which names them all. While a process works in it, it holds
/// <c>.lock</c>; a process that dies lets go of it.
/// </summary>
internal sealed class StageFolder(string stagesFolder, Stage stage)
{
    public const string
        DoneFile = "done.json", SpecFile = "stage.json", LogFile = "stage.log", TimesFile = "seconds.json", LockFile = ".lock",
        RestrictedFile = Restricted.FileName;

    private static readonly string[] Own = [DoneFile, SpecFile, LogFile, TimesFile, LockFile, RestrictedFile];

    public string Path { get; } = System.IO.Path.Combine(stagesFolder, stage.Id);

    public string Log => In(LogFile);

    /// <summary>Finished, and every output still there in its size.</summary>
    public bool IsDone => File.Exists(In(DoneFile)) && StrictJson.ReadFile<DoneRecord>(In(DoneFile)) is var done
        && done.Files.All(f => new FileInfo(In(f.Key)) is { Exists: true } file && file.Length == f.Value.Bytes);

    /// <summary>Seconds of work, over all sittings that ended by themselves.</summary>
    public double Seconds => ReadSeconds(In(TimesFile));

    /// <summary>
    /// Does the stage here, unless it is done: alone (waiting for another process that does it), from what is left of an earlier
    /// attempt.
    /// </summary>
    public void Work(StageKind kind, int threads, ProgressSink progress, CancellationToken cancel)
    {
        using var held = Hold(progress, cancel);
        if (IsDone) return;
        Clean(kind.Resumes);
        AtomicFile.WriteText(In(SpecFile), StrictJson.Write(stage));
        var clock = Stopwatch.StartNew();
        try
        {
            kind.Run(new(stage, stagesFolder, threads, progress, cancel));
            AtomicFile.WriteText(In(DoneFile), StrictJson.Write(DoneRecord.Of(stage, Path, Outputs())));
        }
        finally
        {
            try { AtomicFile.WriteText(In(TimesFile), StrictJson.Write(new TimesRecord(Seconds + clock.Elapsed.TotalSeconds))); }
            catch (IOException) { /* the work's own error is the one to tell */ }
        }
    }

    public static double ReadSeconds(string timesFile) =>
        File.Exists(timesFile) ? StrictJson.ReadFile<TimesRecord>(timesFile).Seconds : 0;

    private FileStream Hold(ProgressSink progress, CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot make {Path}: {e.Message.TrimEnd('.')}; choose another place with UNDERSTUDY_RUNS", e);
        }
        for (var said = false; ; cancel.WaitHandle.WaitOne(100))
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return new(In(LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(In(LockFile)))
            {
                if (!said) progress.Say($"{stage.Label}: another process works on it; waiting for it to end");
                said = true;
            }
        }
    }

    private void Clean(bool resumes)
    {
        File.Delete(In(DoneFile));
        if (resumes)
        {
            foreach (var f in Directory.EnumerateFiles(Path, "*" + AtomicFile.PartialSuffix, SearchOption.AllDirectories))
                File.Delete(f);
            return;
        }
        foreach (var f in Directory.EnumerateFileSystemEntries(Path).Where(f => !Own.Contains(System.IO.Path.GetFileName(f)))
            .ToList())
        {
            if (Directory.Exists(f)) Directory.Delete(f, recursive: true);
            else File.Delete(f);
        }
    }

    /// <summary>Its result no longer counts; the next <see cref="Work"/> does it again.</summary>
    public void Forget() => File.Delete(In(DoneFile));

    /// <summary>All files it made, relative, in order.</summary>
    public IEnumerable<string> Outputs() => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
        .Select(f => System.IO.Path.GetRelativePath(Path, f).Replace('\\', '/'))
        .Where(f => !Own.Contains(f) && !f.EndsWith("/.lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private string In(string file) => System.IO.Path.Combine(Path, file);
}

internal sealed record TimesRecord(double Seconds);

/// <summary>What a finished stage left: enough to see whether it is still whole.</summary>
internal sealed record DoneRecord(int Format, string Kind, string Id, IReadOnlyDictionary<string, OutputFile> Files)
{
    public static DoneRecord Of(Stage stage, string folder, IEnumerable<string> files) =>
        new(1, stage.Kind, stage.Id, files.ToDictionary(f => f,
        f => new OutputFile(new FileInfo(Path.Combine(folder, f)).Length, Fingerprint.OfFile(Path.Combine(folder, f)))));
}

internal sealed record OutputFile(long Bytes, string Sha256);
