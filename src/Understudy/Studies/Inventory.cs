namespace Understudy.Studies;

/// <summary>What lies in a runs folder.</summary>
internal sealed record Inventory(string Folder, IReadOnlyList<StudyEntry> Studies, IReadOnlyList<StageEntry> Stages)
{
    public static Inventory Of(RunsFolder runs)
    {
        var studies = Folders(runs.Path).Select(f => (Path: f, Plan: Plan(f))).Where(s => s.Plan is not null).ToList();
        var users = studies.SelectMany(s => s.Plan!.Stages.Select(x => (x.Id, Study: System.IO.Path.GetFileName(s.Path))))
            .ToLookup(x => x.Id, x => x.Study);
        var stages = Folders(runs.Stages).Select(f => Entry(f, [.. users[System.IO.Path.GetFileName(f)]])).ToList();
        var done = stages.Where(s => s.Done).Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        return new(runs.Path,
            [.. studies.Select(s =>
                new StudyEntry(System.IO.Path.GetFileName(s.Path), s.Plan!.Stages.Count,
                    s.Plan.Stages.Count(x => !done.Contains(x.Id)),
            RunsFolder.SizeOf(s.Path), Restricted: File.Exists(System.IO.Path.Combine(s.Path, StageFolder.RestrictedFile))))],
                stages);
    }

    /// <summary>Removes a stage's folder, unless a process works in it.</summary>
    public static bool Remove(RunsFolder runs, StageEntry stage)
    {
        var folder = System.IO.Path.Combine(runs.Stages, stage.Id);
        try
        {
            using var held = new FileStream(System.IO.Path.Combine(folder, StageFolder.LockFile), FileMode.OpenOrCreate,
                FileAccess.ReadWrite, FileShare.None);
            // Without done.json it counts as unfinished, whatever else of it is still there when we are killed.
            File.Delete(System.IO.Path.Combine(folder, StageFolder.DoneFile));
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static StageEntry Entry(string folder, IReadOnlyList<string> users) => new(System.IO.Path.GetFileName(folder),
        File.Exists(System.IO.Path.Combine(folder, StageFolder.DoneFile)), RunsFolder.SizeOf(folder),
        File.Exists(System.IO.Path.Combine(folder, StageFolder.RestrictedFile)), users);

    private static IEnumerable<string> Folders(string path) =>
        Directory.Exists(path) ? Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal) : [];

    private static PlanFile? Plan(string folder)
    {
        try { return PlanFile.Find(folder); }
        catch (InvalidDataException) { return null; /* another version's */ }
    }
}

internal sealed record StudyEntry(string Name, int Total, int Open, long Bytes, bool Restricted);

/// <param name="Studies">The studies of this runs folder whose plan names it.</param>
internal sealed record StageEntry(string Id, bool Done, long Bytes, bool Restricted, IReadOnlyList<string> Studies);
