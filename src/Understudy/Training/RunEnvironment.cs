using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Understudy.Training;

/// <summary>What a run was made with: for a reader who cannot repeat it, never for a comparison.</summary>
/// <param name="Understudy">Our version, with the commit where the build knew it.</param>
/// <param name="Threads">libtorch's; another number gives other bits.</param>
internal sealed record RunEnvironment(string Understudy, string TorchSharp, string Libtorch, string Dotnet, string System, string Processor,
    int Processors, int Threads)
{
    public static RunEnvironment Current() => new(
        VersionOf(typeof(RunEnvironment)), VersionOf(typeof(torch)), torch.__version__, RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription, ProcessorName(), Environment.ProcessorCount, torch.get_num_threads());

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
