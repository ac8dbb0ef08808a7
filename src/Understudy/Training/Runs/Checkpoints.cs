using System.Globalization;
using Understudy.Common;

namespace Understudy.Training;

/// <summary>
/// The checkpoints of a run: the newest few, and the best. Each is one file, written whole or not at all, with a digest over all
/// it holds; a damaged one is passed over for the one before.
/// </summary>
public sealed class Checkpoints
{
    private const string Prefix = "checkpoint-", Suffix = ".safetensors";
    private readonly string _folder;
    private readonly int _keep;
    private readonly long _every;

    /// <param name="folder"><see cref="RunDirectory.CheckpointFolder"/>.</param>
    /// <param name="keep">How many of the newest stay, at least 1.</param>
    /// <param name="every">
    /// Steps between regular checkpoints. Others (of an interruption) stay only while they are the newest, and a run goes back to
    /// regular ones where there are any, so that it goes back to the same whether it was interrupted or not.
    /// </param>
    public Checkpoints(string folder, int keep = 3, long every = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        (_folder, _keep, _every) = (folder, keep, every);
    }

    /// <summary>Where the best checkpoint is, if one was ever saved as such.</summary>
    public string BestFile => Path.Combine(_folder, "best" + Suffix);

    /// <summary>Paths and steps, newest first.</summary>
    public IReadOnlyList<(string Path, long Step)> All => !Directory.Exists(_folder) ? [] :
        [.. Directory.EnumerateFiles(_folder, Prefix + "*" + Suffix).Select(p => (p, StepOf(p))).Where(c => c.Item2 >= 0)
            .OrderByDescending(c => c.Item2)];

    /// <summary>The step of the newest regular checkpoint; of the newest where none is regular, −1 where there is none.</summary>
    internal long NewestRegular => Regular is [var (_, step), ..] ? step : -1;

    private IReadOnlyList<(string Path, long Step)> Regular =>
        All is var all && all.Where(c => IsRegular(c.Step)).ToList() is { Count: > 0 } regular ? regular : all;

    /// <summary>Writes a checkpoint, then drops the oldest beyond those to keep.</summary>
    /// <param name="about">Strings for the header: options, class names, split hash.</param>
    /// <param name="best">Keep it as the best one too.</param>
    /// <exception cref="IOException">The disk is full or not writable; the older checkpoints are untouched.</exception>
    public void Save(TrainingState state, long step, IReadOnlyDictionary<string, string> about, bool best = false)
    {
        ArgumentNullException.ThrowIfNull(state);
        // The best first: after a kill between the two the step is taken again, and is the best again. The other way round
        // it would never be kept.
        if (best) state.Write(BestFile, step, about);
        var file = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:d10}{Suffix}");
        state.Write(Path.Combine(_folder, file), step, about);
        var all = All;
        foreach (var (old, _) in all.Where(c => IsRegular(c.Step)).Skip(_keep)
            .Concat(all.Skip(1).Where(c => !IsRegular(c.Step)))) File.Delete(old);
    }

    /// <summary>
    /// Restores the newest regular checkpoint before <paramref name="before"/>, lets <paramref name="change"/> change the state,
    /// and saves it in its place; only then are the later ones dropped. Where there is none before, the oldest there is serves
    /// again.
    /// </summary>
    /// <returns>The step of the checkpoint.</returns>
    /// <exception cref="InvalidDataException">There is no sound checkpoint to go back to.</exception>
    public long GoBack(TrainingState state, long before, ProgressSink progress, Action<long> change,
        IReadOnlyDictionary<string, string> about)
    {
        ArgumentNullException.ThrowIfNull(change);
        var regular = Regular;
        var earlier = regular.Where(c => c.Step < before).ToList();
        var step = Restore(state, progress, earlier.Count > 0 ? earlier : [.. regular.TakeLast(1)])
            ?? throw new InvalidDataException(
                $"{_folder} holds no checkpoint to go back to; start anew in another folder with --out");
        change(step);
        Save(state, step, about);
        foreach (var (later, _) in All.Where(c => c.Step > step)) File.Delete(later);
        return step;
    }

    private bool IsRegular(long step) => step % _every == 0;

    /// <summary>
    /// Restores the newest sound checkpoint and returns its step, or null where there is none. Damaged ones are named on
    /// <paramref name="progress"/> and deleted, so that what is trained next takes their place.
    /// </summary>
    /// <exception cref="InvalidDataException">Checkpoints are there, but none can be read.</exception>
    public long? Restore(TrainingState state, ProgressSink progress)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(progress);
        return Restore(state, progress, All);
    }

    private long? Restore(TrainingState state, ProgressSink progress, IReadOnlyList<(string Path, long Step)> all)
    {
        InvalidDataException? last = null;
        var damaged = new List<string>();
        foreach (var (path, _) in all)
        {
            try
            {
                var step = state.Read(path);
                foreach (var d in damaged) File.Delete(d);
                return step;
            }
            catch (InvalidDataException e)
            {
                last = e;
                damaged.Add(path);
                progress.Say($"warning: {e.Message}; going back to the checkpoint before it");
            }
        }
        return last is null ? null
            : throw new InvalidDataException($"none of the {all.Count} checkpoints in {_folder} can be read; delete the folder "
                + $"to start anew. The oldest: {last.Message}", last);
    }

    private static long StepOf(string path) =>
        long.TryParse(Path.GetFileName(path)[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture,
            out var step) ? step : -1;
}
