using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using Understudy.Common;

namespace Understudy.Training;

/// <summary>What a run was made with: for a reader who cannot repeat it, never for a comparison.</summary>
/// <param name="Understudy">Our version, with the commit where the build knew it.</param>
/// <param name="Threads">libtorch's; another number gives other bits.</param>
internal sealed record RunEnvironment(string Understudy, string TorchSharp, string Libtorch, string Dotnet, string System,
    string Processor,
    int Processors, int Threads)
{
    public static RunEnvironment Current() => new(
        VersionOf(typeof(RunEnvironment)), VersionOf(typeof(torch)), torch.__version__, RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription, ProcessorName(), Environment.ProcessorCount, torch.get_num_threads());

    /// <summary>As it was recorded; null where another version of ours wrote something else.</summary>
    public static RunEnvironment? Find(string path)
    {
        try { return StrictJson.ReadFile<RunEnvironment>(path); }
        catch (InvalidDataException) { return null; }
    }

    /// <summary>What of it changes the bits of a training: "1 thread, now 2"; empty where nothing does.</summary>
    public string DifferencesTo(RunEnvironment before) => string.Join("; ", new[]
    {
        Threads == before.Threads ? null : $"{Human.Count(before.Threads, "thread")}, now {Threads}",
        Libtorch == before.Libtorch ? null : $"libtorch {before.Libtorch}, now {Libtorch}",
        Processor == before.Processor ? null : $"{before.Processor}, now {Processor}",
    }.OfType<string>());

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
