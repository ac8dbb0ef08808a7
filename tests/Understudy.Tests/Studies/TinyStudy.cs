using System.Diagnostics;
using System.Runtime.InteropServices;
using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Tests.Studies;

/// <summary>
/// A study of seconds, run by the real command line in processes of their own, with one thread for every stage.
/// </summary>
internal sealed class TinyStudy : IDisposable
{
    private const string Yaml = """
        name: tiny
        question: Does it come out the same?
        data: { source: toy, count: 210, size: 16 }
        generators:
          g: { preset: cpu-tiny, resolution: 16, kimg: 0.384, batch: 16, snapshot_kimg: 0.064, tick_kimg: 0.032, channel_base: 128, channel_max: 16, z_dim: 16, w_dim: 16 }
        sets:
          synthetic: { generator: g, count: 70 }
        arms:
          real: { train_on: [real] }
          synthetic: { train_on: [synthetic], labels: shuffled }
        classifiers:
          screening: { recipe: screening, size: 16, early_size: 16, epochs: 3, batch: 16, checkpoint_steps: 2 }
        """;

    private readonly TempFolder _temp = new();

    public TinyStudy() => File.WriteAllText(_temp["tiny.yaml"], Yaml);

    public string Runs => _temp["runs"];

    public string Stages => new RunsFolder(Runs).Stages;

    public string Folder => Directory.GetDirectories(_temp["runs"], "tiny-*").Single();

    /// <summary>Starts the study as leader of a process group of its own.</summary>
    public Process Start()
    {
        var command = StageCommand.For("Understudy.Cli.dll");
        return Process.Start(
            Describe("setsid", command.Program, command.Arguments[0], "run", _temp["tiny.yaml"], "--jobs",
                $"{Environment.ProcessorCount}"))!;
    }

    /// <summary>Runs another verb in the same runs folder.</summary>
    public (int Code, string Error) Verb(params string[] arguments)
    {
        var command = StageCommand.For("Understudy.Cli.dll");
        using var process = Process.Start(Describe(command.Program, [command.Arguments[0], .. arguments]))!;
        return Wait(process);
    }

    /// <summary>Makes the study's plan land on a disk that takes no byte more.</summary>
    public void FillDisk()
    {
        var run = new StudyRun(new(_temp["tiny.yaml"]), new(_temp["runs"]), StageCommand.For("Understudy.Cli.dll"));
        Directory.CreateDirectory(run.Folder);
        File.CreateSymbolicLink(Path.Combine(run.Folder, PlanFile.FileName + AtomicFile.PartialSuffix), "/dev/full");
    }

    /// <summary>Runs the study to its end.</summary>
    /// <returns>Exit code and what standard error said.</returns>
    public (int Code, string Error) Run()
    {
        using var process = Start();
        return Wait(process);
    }

    public static (int Code, string Error) Wait(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        output.GetAwaiter().GetResult();
        return (process.ExitCode, error);
    }

    public byte[] Result(string file = "summary.json") => File.ReadAllBytes(Path.Combine(Folder, file));

    public IEnumerable<string> StageFolders(string kind) =>
        Directory.Exists(Stages) ? Directory.EnumerateDirectories(Stages, kind + "-*") : [];

    private ProcessStartInfo Describe(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment[RunsFolder.Variable] = Runs;
        return start;
    }

    public static bool IsDone(string stageFolder) => File.Exists(Path.Combine(stageFolder, StageFolder.DoneFile));

    public static void Signal(int process, int signal, bool group = false) => _ = Kill(group ? -process : process, signal);

    public void Dispose() => _temp.Dispose();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
