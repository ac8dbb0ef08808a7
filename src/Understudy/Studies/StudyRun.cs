using Understudy.Common;

namespace Understudy.Studies;

/// <summary>What `understudy run` is asked.</summary>
/// <param name="StudyPath">A study file; null for the built-in toy study.</param>
/// <param name="Out">The study's folder; null for its place in the runs folder.</param>
/// <param name="Minutes">A time to fit the training into; null: the study's own numbers.</param>
internal sealed record RunRequest(string? StudyPath = null, string? Data = null, string? Out = null, ulong Seed = 0,
    double? Minutes = null, int Jobs = 1,
    IReadOnlyList<string>? Changes = null);

/// <summary>A study on its way from file to report.</summary>
internal sealed class StudyRun
{
    private readonly RunRequest _request;
    private readonly RunsFolder _runs;
    private readonly StageCommand _command;
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The study file has an error.</exception>
    /// <exception cref="OptionException">An option out of range, or a folder that holds something else.</exception>
    public StudyRun(RunRequest request, RunsFolder runs, StageCommand command)
    {
        OptionException.RequireRange("--jobs", request.Jobs, 1, 256);
        if (request.Minutes is { } minutes) Budget.RequireMinutes(minutes);
        (_request, _runs, _command) = (request, runs, command);
        Study = StudyFile.Read(request.StudyPath, request.Data, request.Changes);
        Plan = Make(Study);
        Identity = Fingerprint.Of("study/1", Plan.Hash, FormattableString.Invariant($"{request.Minutes}"));
        Folder = Path.GetFullPath(request.Out ?? Path.Combine(runs.Path, $"{Study.Name}-{Identity[..8]}"));
        Existing = Claim();
        if (Existing?.Budget is { } budget) Plan = Make(budget.Apply(Study));
    }

    public Study Study { get; }

    /// <summary>What will be done; after <see cref="Run"/> with a time budget: what was.</summary>
    public Plan Plan { get; private set; }

    public string Identity { get; }

    /// <summary>Where the report goes.</summary>
    public string Folder { get; }

    /// <summary>The plan of an earlier sitting.</summary>
    public PlanFile? Existing { get; }

    public string Stages => _runs.Stages;

    /// <summary>Does all that is not done, and writes the report into <see cref="Folder"/>.</summary>
    /// <exception cref="StageException">A stage failed.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; the same request goes on.</exception>
    public void Run(ProgressSink progress, CancellationToken cancel)
    {
        using var held = Hold();
        var executor = new Executor(Stages, _command, _request.Jobs, progress);
        var budget = Existing?.Budget;
        if (_request.Minutes is { } minutes && budget is null)
        {
            budget = new BudgetProbe(Study, Plan, executor, Stages).Fit(minutes, progress, cancel);
            Plan = Make(budget.Apply(Study));
            progress.Say(
                FormattableString.Invariant(
                    $"{minutes} minutes: {string.Join(", ", budget.Kimg.Select(k => FormattableString.Invariant($"{k.Key} {k.Value:0.###} kimg")).Concat(budget.Epochs.Select(e => $"{e.Key} {e.Value} epochs")))}"));
        }
        PlanFile.Of(Plan, Identity, _request.Seed, Folder, Stages, budget).Save(Folder);
        executor.Run(Plan.Stages, cancel);
        Publish(new(Stages, Plan.Report), Folder);
    }

    /// <summary>Writes a study's report anew from its stages' files.</summary>
    public static void Report(string folder, ProgressSink progress, CancellationToken cancel)
    {
        var plan = PlanFile.Find(folder)
            ?? throw new InvalidDataException($"{folder}: holds no study ({PlanFile.FileName} is missing); understudy runs list "
                + "shows where studies are");
        var stages = plan.StagesIn(folder);
        var missing = plan.Stages.SkipLast(1).Where(s => !new StageFolder(stages, s).IsDone).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidDataException($"{folder}: {missing.Count} of {plan.Stages.Count} stages are not done, the first: "
                + $"{missing[0].Label}; run the study to its end first");
        }
        var report = new StageFolder(stages, plan.Stages[^1]);
        report.Forget();
        report.Work(StageKinds.Get(plan.Stages[^1].Kind), 1, progress, cancel);
        Publish(report, folder);
    }

    private static void Publish(StageFolder report, string folder)
    {
        foreach (var file in report.Outputs())
            AtomicFile.Write(Path.Combine(folder, file),
                to => { using var from = File.OpenRead(Path.Combine(report.Path, file)); from.CopyTo(to); });
    }

    private Plan Make(Study study) => Plan.Make(study, _request.Seed, Content);

    private string Content(string path) =>
        _contents.TryGetValue(path, out var known) ? known : _contents[path] = InputContent.HashOf(path);

    /// <summary>The plan that stands in the folder, if it is this study's.</summary>
    private PlanFile? Claim()
    {
        if (File.Exists(Folder)) throw new OptionException($"{Folder}: is a file; name a folder with --out");
        if (PlanFile.Find(Folder) is { } there)
        {
            return there.Identity == Identity ? there : throw new OptionException(
                $"{Folder}: holds another study ('{there.Name}', {there.Identity[..8]}; this one is {Identity[..8]}); choose "
                + "another --out, or remove the folder");
        }
        return Directory.Exists(Folder)
            && Directory.EnumerateFileSystemEntries(Folder)
            .Any(f => Path.GetFileName(f) is not (StageFolder.LockFile or PlanFile.FileName + AtomicFile.PartialSuffix))
            ? throw new OptionException($"{Folder}: holds other files; choose a new or an empty folder with --out") : null;
    }

    private FileStream Hold()
    {
        try
        {
            Directory.CreateDirectory(Folder);
            return new(Path.Combine(Folder, StageFolder.LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw File.Exists(Path.Combine(Folder, StageFolder.LockFile)) && e is IOException
                ? new IOException($"{Folder}: another understudy is at this study; wait for it to end, or choose another --out",
                    e)
                : new IOException($"cannot write in {Folder}: {e.Message.TrimEnd('.')}; choose another place with --out or "
                    + $"{RunsFolder.Variable}", e);
        }
    }
}
