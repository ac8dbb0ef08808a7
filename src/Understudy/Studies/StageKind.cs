using Understudy.Common;
using Understudy.Studies.Doctor;
using Understudy.Studies.Stages;
using Understudy.Training;

namespace Understudy.Studies;

/// <summary>
/// How one kind of stage is done. Raise <paramref name="version"/> when its results change: old ones are then made anew.
/// </summary>
/// <param name="child">Whether it gets a process of its own: what uses libtorch does, whose errors can end a process.</param>
/// <param name="resumes">Whether it goes on from what an interrupted run left; else the leftovers are removed first.</param>
internal abstract class StageKind(string name, int version, bool child = false, bool resumes = false)
{
    public string Name { get; } = name;

    public int Version { get; } = version;

    public bool Child { get; } = child;

    public bool Resumes { get; } = resumes;

    public abstract void Run(StageContext stage);
}

/// <summary>What a running stage sees: its options, its inputs' folders and its own.</summary>
internal sealed class StageContext(Stage stage, string stagesFolder, int threads, ProgressSink progress, CancellationToken cancel)
{
    public ulong Seed => stage.Seed;

    /// <summary>Threads it may use.</summary>
    public int Threads => threads;

    public string? Location => stage.Location;

    public ProgressSink Progress => progress;

    public CancellationToken Cancel => cancel;

    public T Options<T>() => stage.Read<T>();

    /// <summary>A file (or folder) of its own folder.</summary>
    public string Output(string file) => Path.Combine(stagesFolder, stage.Id, file);

    /// <summary>A file of an input's folder.</summary>
    public string Input(string name, string file) => Path.Combine(stagesFolder, stage.Of(name).Id, file);

    /// <inheritdoc cref="Restricted.Mark"/>
    public void Restrict() => Restricted.Mark(Output(""));

    /// <summary>What each input took, and what kind of machine did it: for people, never compared.</summary>
    public IEnumerable<(string Name, double Seconds, string? Environment)> Spent() =>
        stage.Inputs.DistinctBy(i => i.Id).Select(i =>
        {
            var folder = Path.Combine(stagesFolder, i.Id);
            var environment = Path.Combine(folder, GeneratorStage.Folder, RunDirectory.EnvironmentName);
            return (i.Name, StageFolder.ReadSeconds(Path.Combine(folder, StageFolder.TimesFile)),
                File.Exists(environment) ? File.ReadAllText(environment) : null);
        });

    /// <summary>Its inputs, each under the name it knows it by.</summary>
    public IEnumerable<FinishedStage> Finished() => stage.Inputs.Select(i => Path.Combine(stagesFolder, i.Id))
        .Zip(stage.Inputs,
            (folder, i) =>
                new FinishedStage(i.Name, StrictJson.ReadFile<Stage>(Path.Combine(folder, StageFolder.SpecFile)), folder));

    /// <summary>The names of inputs that begin with <paramref name="prefix"/>, in order.</summary>
    public IEnumerable<string> Inputs(string prefix) =>
        stage.Inputs.Select(i => i.Name).Where(n => n.StartsWith(prefix, StringComparison.Ordinal));
}
