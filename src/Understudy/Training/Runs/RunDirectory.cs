using System.Globalization;
using System.Text;
using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using Understudy.Common;
using Understudy.Networks;

namespace Understudy.Training;

/// <summary>
/// The folder of one training run, held by one process at a time: <c>options.json</c> (resolved), <c>environment.json</c>
/// (recorded, never compared), <c>stats.jsonl</c> (one line per tick, equal for an interrupted and an unbroken run),
/// <c>times.jsonl</c> (the clock's part of it), <c>incidents.jsonl</c> (what went wrong and was mended; only then there),
/// TensorBoard events in <c>events/</c>, <c>checkpoints/</c> and <c>sheets/</c>.
/// </summary>
public sealed class RunDirectory : IDisposable
{
    /// <summary>Names within the folder.</summary>
    public const string
        OptionsName = "options.json", EnvironmentName = "environment.json",
        StatsName = "stats.jsonl", TimesName = "times.jsonl", IncidentsName = "incidents.jsonl",
        CheckpointsName = "checkpoints", SheetsName = "sheets", EventsName = "events";

    private readonly FileStream _lock;
    private SummaryWriter? _events;

    private RunDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public string OptionsFile => In(OptionsName);

    public string StatsFile => In(StatsName);

    public string TimesFile => In(TimesName);

    public string IncidentsFile => In(IncidentsName);

    public string CheckpointFolder => In(CheckpointsName);

    public string SheetFolder => In(SheetsName);

    /// <summary>Makes the folder where it is missing, and holds it until disposed; a process that dies lets go of it.</summary>
    /// <exception cref="IOException">Another process trains in it, or it cannot be written.</exception>
    /// <exception cref="OptionException">It holds other files than a run's.</exception>
    public static RunDirectory Open(string path)
    {
        RunFolder.RequireFree(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot make the run folder {path}: {e.Message.TrimEnd('.')}; choose another with --out", e);
        }
        var lockFile = System.IO.Path.Combine(path, ".lock");
        try
        {
            var held = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new(System.IO.Path.GetFullPath(path), held);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot write in the run folder {path}: {e.Message.TrimEnd('.')}; choose another with --out",
                e);
        }
        catch (IOException e) when (File.Exists(lockFile))
        {
            throw new IOException(
                $"{path} is in use by another process; wait for it to end, or train into another folder with --out", e);
        }
    }

    /// <summary>
    /// What Auto means for the run in a folder: what it was begun with, on whichever processor that was; Auto where none was
    /// begun.
    /// </summary>
    internal static Precision PrecisionIn(string path, Precision asked)
    {
        var file = System.IO.Path.Combine(path, OptionsName);
        if (asked != Precision.Auto || !File.Exists(file)) return asked;
        return StrictJson.ReadFile<Dictionary<string, JsonElement>>(file).TryGetValue("options", out var options)
            && options.ValueKind == JsonValueKind.Object && options.TryGetProperty("precision", out var begun)
            ? StrictJson.Read<Precision>(begun.GetRawText(), file) : asked;
    }

    /// <summary>Writes the resolved options of a new run; where there are some already, they must be the same.</summary>
    /// <param name="compared">What of them must be the same; by default all. The rest is written anew.</param>
    /// <param name="read">Makes a T of the file's text; by default strictly.</param>
    /// <exception cref="OptionException">The folder holds a run with other options.</exception>
    public void EnsureOptions<T>(T resolved, Func<T, T>? compared = null, Func<string, string, T>? read = null)
    {
        if (File.Exists(OptionsFile))
        {
            compared ??= x => x;
            var there = StrictJson.Write(compared(Begun(read ?? StrictJson.Read<T>)));
            var wanted = StrictJson.Write(compared(resolved));
            if (there != wanted)
                throw new OptionException($"{Path} holds a run with other options ({FirstDifference(there, wanted)}); "
                    + "resume it with the same options, or start a new run in another folder with --out");
        }
        AtomicFile.WriteText(OptionsFile, StrictJson.Write(resolved));
    }

    /// <exception cref="InvalidDataException">The file is damaged, or has other keys than this version's.</exception>
    private T Begun<T>(Func<string, string, T> read)
    {
        try { return read(File.ReadAllText(OptionsFile), OptionsFile); }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{OptionsFile}: is not of this version of understudy, or was changed ({e.InnerException?.Message
                ?? e.Message}); finish the run with the version that began it, or start anew in another folder with --out", e);
        }
    }

    /// <summary>
    /// Records what the run goes on with. Where that is not what its checkpoints were made with, and no longer gives the bits
    /// that an unbroken run would have, it says so.
    /// </summary>
    public void WriteEnvironment(ProgressSink progress)
    {
        var (path, now) = (In(EnvironmentName), RunEnvironment.Current());
        var begun = File.Exists(path) && Directory.Exists(CheckpointFolder) && Directory.EnumerateFiles(CheckpointFolder).Any();
        if (begun && RunEnvironment.Find(path) is { } before && now.DifferencesTo(before) is { Length: > 0 } differences)
            progress.Say(
                $"warning: this run was begun with {differences}; what it comes to differs in the last digits from an unbroken run");
        AtomicFile.WriteText(path, StrictJson.Write(now));
    }

    /// <summary>
    /// One tick: <paramref name="values"/> go into stats.jsonl and TensorBoard, <paramref name="times"/> into times.jsonl.
    /// </summary>
    /// <param name="times">Whatever depends on the clock: seconds, images per second.</param>
    public void Append(long step, IReadOnlyDictionary<string, double> values, IReadOnlyDictionary<string, double> times)
    {
        AppendLine(StatsFile, step, values);
        AppendLine(TimesFile, step, times);
        _events ??= torch.utils.tensorboard.SummaryWriter(In(EventsName), null, false);
        foreach (var (name, value) in values.Concat(times))
            _events.add_scalar(name, (float)value, (int)Math.Min(step, int.MaxValue));
    }

    /// <summary>
    /// Drops what was written after <paramref name="step"/>, and half-written last lines: a run that goes on from a checkpoint
    /// writes those ticks again.
    /// </summary>
    public void RewindTo(long step)
    {
        foreach (var file in new[] { StatsFile, TimesFile })
        {
            if (!File.Exists(file)) continue;
            var lines = File.ReadAllText(file).Split('\n');
            // The piece after the last line break is empty, or a line that was cut off.
            var kept = lines.Take(lines.Length - 1).Where(l => StepOf(l) is { } s && s <= step);
            AtomicFile.WriteText(file, string.Concat(kept.Select(l => l + "\n")));
        }
    }

    /// <summary>
    /// Adds what went wrong, in place of a record of the same number: a run that was killed while it went back goes back again.
    /// </summary>
    public void Record(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        WriteIncidents([.. ReadIncidents(Path).Where(i => i.Number < incident.Number), incident]);
    }

    /// <summary>Drops what the checkpoint that a run goes on from knows nothing of.</summary>
    /// <param name="known">Incidents that it knows of.</param>
    public void ForgetIncidentsAfter(int known)
    {
        var all = ReadIncidents(Path);
        if (all.Any(i => i.Number > known)) WriteIncidents(all.Where(i => i.Number <= known));
    }

    /// <summary>What went wrong in the run of a folder, in order; empty for a clean one.</summary>
    /// <exception cref="InvalidDataException">The record was changed.</exception>
    public static IReadOnlyList<Incident> ReadIncidents(string folder)
    {
        var file = System.IO.Path.Combine(folder, IncidentsName);
        return File.Exists(file) ? [.. File.ReadLines(file).Select(l => StrictJson.Read<Incident>(l, file))] : [];
    }

    private void WriteIncidents(IEnumerable<Incident> incidents) =>
        AtomicFile.WriteText(IncidentsFile, string.Concat(incidents.Select(i => StrictJson.WriteLine(i) + "\n")));

    /// <summary>
    /// The lines of a run's stats.jsonl: step, then every value by name. A half-written last line is passed over.
    /// </summary>
    public static IEnumerable<IReadOnlyDictionary<string, double>> ReadStats(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (StepOf(line) is not null) yield return StrictJson.Read<Dictionary<string, double>>(line, path);
        }
    }

    public void Dispose()
    {
        _events = null;
        _lock.Dispose();
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static void AppendLine(string file, long step, IReadOnlyDictionary<string, double> values)
    {
        var line = new Dictionary<string, double> { ["step"] = step };
        foreach (var (name, value) in values) line[name] = value;
        try
        {
            // On the disk before the checkpoint that knows of it: after a power cut none may lack a line.
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write(Encoding.UTF8.GetBytes(StrictJson.WriteLine(line) + "\n"));
            stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot write {file}: {e.Message.TrimEnd('.')}; free some space, then resume the run", e);
        }
    }

    private static long? StepOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.TryGetProperty("step", out var s) ? s.GetInt64() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>In words where the records hold hashes; else the first line that differs, of both.</summary>
    private static string FirstDifference(string there, string wanted)
    {
        var (a, b) = (there.Split('\n'), wanted.Split('\n'));
        var i = Enumerable.Range(0, Math.Min(a.Length, b.Length)).FirstOrDefault(k => a[k] != b[k], Math.Min(a.Length, b.Length));
        static string At(string[] lines, int k) => k < lines.Length ? lines[k].Trim().TrimEnd(',') : "nothing";
        var hashed = At(b, i).Split('"') is [_, var key, ..] ? key switch
        {
            "data" or "data_fingerprint" => "other images, or the same in another size or split",
            "split" or "split_hash" => "other images, or another split",
            "from" or "digest" => "other networks to start from",
            "weights" => "other weights to start from",
            _ => null,
        } : null;
        return hashed ?? string.Create(CultureInfo.InvariantCulture, $"{At(a, i)} there, {At(b, i)} now");
    }
}
