using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Classification;

namespace Understudy.Training;

/// <summary>What a run's folder is made of. Training into a folder that holds anything else would mix the run with it.</summary>
internal static class RunFolder
{
    /// <summary>Names of the files and folders that a run, of a generator or of a classifier, writes and goes on from.</summary>
    public static IReadOnlySet<string> Own { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        ".lock", RunDirectory.OptionsName, RunDirectory.EnvironmentName, GanSource.FileName, Split.FileName, SeenImages.FileName,
        RunDirectory.StatsName, RunDirectory.TimesName, RunDirectory.IncidentsName, RunDirectory.EventsName,
        RunDirectory.CheckpointsName, RunDirectory.SheetsName, FrozenTrainer.FeatureFolder,
        GeneratorFile.Name, GeneratorFile.BestName, JudgeFile.Name, ClassifierTrainer.FileName,
        ClassifierTrainer.TaughtName, Restricted.FileName,
    };

    /// <summary>Refuses a folder that is neither new, nor empty, nor a run's, nor what was left of one.</summary>
    /// <exception cref="OptionException">It holds other files; one is named.</exception>
    public static void RequireFree(string path)
    {
        if (!File.Exists(Path.Combine(path, RunDirectory.OptionsName))) RequireOnly(path, Own);
    }

    /// <summary>Refuses a folder that holds anything but files of these names.</summary>
    /// <exception cref="OptionException">It holds other files; one is named.</exception>
    public static void RequireOnly(string path, IReadOnlySet<string> names)
    {
        if (File.Exists(path)) throw new OptionException($"{path} is a file; choose a new or an empty folder with --out");
        if (!Directory.Exists(path)) return;
        var other = Directory.EnumerateFileSystemEntries(path).Select(f => Path.GetFileName(f)!)
            .Where(f => !names.Contains(f) && !f.EndsWith(AtomicFile.PartialSuffix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        if (other is not null)
            throw new OptionException($"{path} holds other files, such as {other}; choose a new or an empty folder with --out");
    }
}
