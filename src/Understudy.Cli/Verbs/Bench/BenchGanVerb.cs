using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Networks;
using Understudy.Training.Benchmarks;

namespace Understudy.Cli.Verbs.Bench;

/// <summary><c>bench gan</c>: images per second of GAN training.</summary>
internal static class BenchGanVerb
{
    private static readonly Option<string[]> Setting = new("--setting")
    {
        Description = $"{string.Join(", ", GanSpeed.Settings)}; may be given again [default: all]",
        DefaultValueFactory = _ => [],
        HelpName = "NAME",
    };
    private static readonly WordOption<Precision> Number = PrecisionOption.Measured();
    private static readonly Option<long> Steps = new("--steps")
    {
        Description = "Whole steps to measure for each, at least 16",
        DefaultValueFactory = _ => 512,
        HelpName = "N",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Print it as JSON" };

    public static Command Create() => new Command("gan", """
        Measure how fast a generator trains, on 32×32 grey toy faces of seven classes.

        A step is all of it: both networks, lazy terms, optimisers, averaged weights, statistics, and a
        checkpoint at the end. Operations are counted from shapes; the share is of the processor's own rate for
        a convolution that suits it (16 maps of 128 × 32 × 32, 3×3, forward and backward) in the same number
        format. Let nothing else run meanwhile. OMP_NUM_THREADS sets the number of threads.

        Examples:
          understudy bench gan > gan-here.md
          understudy bench gan --setting cpu-tiny --precision bfloat16 --steps 500 --json
        """)
    {
        Setting, Number, Steps, Json,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        Precision[] precisions = Number.Given(a) is { } one ? [one] : [Precision.Float32, Precision.BFloat16];
        IReadOnlyList<string> settings = a.GetValue(Setting)! is { Length: > 0 } chosen ? chosen : GanSpeed.Settings;
        List<GanSpeed> speeds = [];
        foreach (var setting in settings)
        {
            foreach (var precision in precisions)
                speeds.Add(GanSpeed.Measure(setting, precision, a.GetValue(Steps), session.Terminal, session.Cancel));
        }
        session.Output.Write(a.GetValue(Json) ? StrictJson.Write(speeds) : Markdown(speeds));
        return CommandLine.Done;
    }

    /// <summary>A table as it goes into bench/results, with the machine's line.</summary>
    private static string Markdown(List<GanSpeed> speeds)
    {
        static string Say(FormattableString text) => FormattableString.Invariant(text);
        return TextTable.Markdown(
        [
            [
                "setting", "precision", "steps", "images/s", "GFLOP/s", "convolution GFLOP/s", "share",
                "MB after warm-up", "MB at the end",
            ],
            .. speeds.Select(s => (string[])
            [
                s.Setting, s.Precision.Word(), Say($"{s.Steps}"), Say($"{s.ImagesPerSecond:0.0}"), Say($"{s.Gflops:0}"),
                Say($"{s.ConvolutionGflops:0}"), Say($"{s.Share:0.00}"),
                Say($"{s.MegabytesBefore:0}"), Say($"{s.MegabytesAfter:0}"),
            ]),
        ]) + $"\n{speeds[0].Machine}\n";
    }
}
