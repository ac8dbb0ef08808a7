using System.CommandLine;
using Understudy.Common;
using Understudy.Networks;
using Understudy.Training.Benchmarks;

namespace Understudy.Cli.Verbs.Bench;

/// <summary><c>bench gan</c>: images per second of GAN training.</summary>
internal static class BenchGanVerb
{
    private static readonly Option<string[]> Setting = new("--setting") { Description = $"{string.Join(", ", GanSpeed.Settings)}; may be given again (default: all)", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> Number = new("--precision") { Description = "float32 or bfloat16 (default: both)" };
    private static readonly Option<long> Steps = new("--steps") { Description = "Whole steps to measure for each, at least 16", DefaultValueFactory = _ => 512 };
    private static readonly Option<bool> Json = new("--json") { Description = "Print it as JSON" };

    public static Command Create() => new Command("gan", """
        Measure how fast a generator trains, on 32×32 grey toy faces of seven classes.

        A step is all of it: both networks, lazy terms, optimisers, averaged weights, statistics, and a
        checkpoint at the end. Operations are counted from shapes; the share is of the processor's own rate for
        a convolution that suits it (16 maps of 128 × 32 × 32, 3×3, forward and backward) in the same number
        format. Let nothing else run meanwhile. OMP_NUM_THREADS sets the number of threads.

        Examples:
          understudy bench gan > bench/results/gan.md
          understudy bench gan --setting cpu-tiny --precision bfloat16 --steps 500 --json
        """)
    {
        Setting, Number, Steps, Json,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        if (a.GetValue(Number) is { } number) OptionException.RequireOneOf("--precision", number, "float32", "bfloat16");
        Precision[] precisions = a.GetValue(Number) switch { null => [Precision.Float32, Precision.BFloat16], "bfloat16" => [Precision.BFloat16], _ => [Precision.Float32] };
        IReadOnlyList<string> settings = a.GetValue(Setting)! is { Length: > 0 } chosen ? chosen : GanSpeed.Settings;
        List<GanSpeed> speeds = [];
        foreach (var setting in settings)
        {
            foreach (var precision in precisions) speeds.Add(GanSpeed.Measure(setting, precision, a.GetValue(Steps), session.Terminal, session.Cancel));
        }
        session.Output.Write(a.GetValue(Json) ? StrictJson.Write(speeds) : Markdown(speeds));
        return CommandLine.Done;
    }

    /// <summary>A table as it goes into bench/results.</summary>
    private static string Markdown(List<GanSpeed> speeds)
    {
        List<string> lines =
        [
            "| setting | precision | steps | images/s | GFLOP/s | convolution GFLOP/s | share | MB after warm-up | MB at the end |",
            "|---|---|---|---|---|---|---|---|---|",
            .. speeds.Select(s => FormattableString.Invariant(
                $"| {s.Setting} | {(s.Precision == Precision.BFloat16 ? "bfloat16" : "float32")} | {s.Steps} | {s.ImagesPerSecond:0.0} | {s.Gflops:0} | {s.ConvolutionGflops:0} | {s.Share:0.00} | {s.MegabytesBefore:0} | {s.MegabytesAfter:0} |")),
            "",
            speeds[0].Machine,
        ];
        return string.Join('\n', lines) + "\n";
    }
}
