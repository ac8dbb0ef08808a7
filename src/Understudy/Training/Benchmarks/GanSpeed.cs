using System.Diagnostics;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Ops;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Training.Benchmarks;

/// <summary>How fast a generator trains, on 32×32 grey toy faces of seven classes.</summary>
/// <param name="Setting">One of <see cref="Settings"/>.</param>
/// <param name="Precision">Number format of feature maps.</param>
/// <param name="Steps">Measured, each with everything that belongs to it; a checkpoint at the end included.</param>
/// <param name="ImagesPerSecond">Real images shown a second.</param>
/// <param name="Gflops">10⁹ operations a second, counted from shapes.</param>
/// <param name="ConvolutionGflops">What this processor makes of a convolution that suits it, same type and threads:
/// <see cref="ConvolutionRate"/>.</param>
/// <param name="Share"><paramref name="Gflops"/> / <paramref name="ConvolutionGflops"/>.</param>
/// <param name="MegabytesBefore">Memory of the process after the warm-up, in 10⁶ bytes.</param>
/// <param name="MegabytesAfter">The same at the end.</param>
/// <param name="Machine">Versions, processor and threads.</param>
public sealed record GanSpeed(string Setting, Precision Precision, long Steps, double ImagesPerSecond, double Gflops,
    double ConvolutionGflops,
    double Share, double MegabytesBefore, double MegabytesAfter, string Machine)
{
    private const int Images = 1400, Side = 32;

    /// <summary>
    /// The settings by name. reference-a: 64 channels at every resolution, z and w of 512, path length every 4 steps, mixing, no
    /// augmentation; reference-b: z and w of 128, DiffAugment; cpu-tiny-bgc: that preset with bgc at p = ½; the others are the
    /// presets of their names.
    /// </summary>
    public static IReadOnlyList<string> Settings { get; } = ["reference-a", "reference-b", "cpu-tiny", "cpu-tiny-bgc", "cpu-small"];

    /// <summary>Trains and measures.</summary>
    /// <param name="steps">At least 16; rounded up to whole cycles of the lazily applied terms.</param>
    /// <exception cref="OptionException">An unknown setting, or too few steps.</exception>
    public static GanSpeed Measure(string setting, Precision precision, long steps, ProgressSink progress,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(progress);
        OptionException.RequireOneOf("setting", setting, [.. Settings]);
        OptionException.RequireRange("steps", steps, 16, 1_000_000);
        TensorRuntime.Prepare();
        var set = ToyFaces.Draw(new ToyFacesOptions(Images, Seed: 7, Side)).Set;
        var options = (OptionsOf(setting) with { Precision = precision }).Resolve(set.Shape, set.Classes.Count);
        var folder = Directory.CreateTempSubdirectory("understudy-bench-");
        try
        {
            using var scope = NewDisposeScope();
            using var session = new GanSession(set, options, 0);
            var cycle = Math.Max(options.R1Interval, options.PathLengthInterval);
            for (int i = 0; i < 2 * cycle; i++) session.Step();
            var (before, first) = (Megabytes(), session.Steps);
            var clock = Stopwatch.StartNew();
            while (session.Steps - first < steps || (session.Steps - first) % cycle != 0)
            {
                cancel.ThrowIfCancellationRequested();
                session.Step();
                progress.Report($"bench {setting}", session.Steps - first, steps, "step", precision.Word());
            }
            session.Stats.Take();
            new Checkpoints(folder.FullName).Save(session.State, session.Steps, new Dictionary<string, string>());
            var seconds = clock.Elapsed.TotalSeconds;
            var after = Megabytes();
            var done = session.Steps - first;
            var perImage = GanOperations.PerImage(options, set.Shape, set.Classes.Count);
            var rate = done * options.Batch / seconds;
            var yardstick = ConvolutionRate.Measure(precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32,
                2);
            return new(setting, precision, done, rate, rate * perImage / 1e9, yardstick, rate * perImage / 1e9 / yardstick,
                before, after, MachineLine(RunEnvironment.Current()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The training options behind a setting.</summary>
    internal static GanTrainingOptions OptionsOf(string setting) => setting switch
    {
        "reference-a" => new()
        {
            ChannelBase = 64 * Side,
            ChannelMax = 64,
            ZDim = 512,
            WDim = 512,
            PathLengthInterval = 4,
            MixingProbability = 0.9,
            Augment = AugmentKind.None,
        },
        "reference-b" =>
            new() { ChannelBase = 64 * Side, ChannelMax = 64, ZDim = 128, WDim = 128, Augment = AugmentKind.DiffAugment },
        "cpu-tiny-bgc" => GanTrainingOptions.Preset("cpu-tiny") with { Augment = AugmentKind.Bgc, AugmentP = 0.5 },
        _ => GanTrainingOptions.Preset(setting),
    };

    private static double Megabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }

    internal static string MachineLine(RunEnvironment e) =>
        $"{e.Processor}, {Human.Count(e.Processors, "processor")}, {Human.Count(e.Threads, "thread")}, {e.System}, {e.Dotnet}, "
        + $"TorchSharp {e.TorchSharp}, libtorch {e.Libtorch}, understudy {e.Understudy}";
}
