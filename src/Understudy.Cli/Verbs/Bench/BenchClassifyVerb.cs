using System.CommandLine;
using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Training.Benchmarks;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Bench;

/// <summary><c>bench classify</c>: images per second of training and prediction.</summary>
internal static class BenchClassifyVerb
{
    private static readonly Option<string[]> Recipe = new("--recipe") { Description = $"{string.Join(", ", ClassifierOptions.RecipeNames)}; may be given again (default: screening, a, b)", DefaultValueFactory = _ => [] };
    private static readonly Option<string[]> Arch = new("--arch") { Description = $"A network with default training; may be given again: {string.Join(", ", ClassifierNet.Names)}", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> Number = new("--precision") { Description = "float32 or bfloat16 (default: both)" };
    private static readonly Option<int?> Size = new("--size") { Description = "Side of the images, in pixels (default: the network's own)" };
    private static readonly Option<int> Channels = new("--channels") { Description = "1 for grey images, 3 for RGB", DefaultValueFactory = _ => 1 };
    private static readonly Option<int?> Batch = new("--batch") { Description = "Images per training step (default: the recipe's)" };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "For training; as much again goes to loading and prediction", DefaultValueFactory = _ => 5 };
    private static readonly Option<bool> Json = new("--json") { Description = "Print it as JSON" };

    public static Command Create() => new Command("classify", """
        Measure how fast classifiers train and predict, on noise, at their final size.

        A training step is all of it: loading, augmentation, both passes, optimiser, averaged weights. The share
        is of the processor's own rate for a convolution that suits it (16 maps of 128 × 32 × 32, 3×3, forward
        and backward) in the same number format. Let nothing else run meanwhile. OMP_NUM_THREADS sets the number of threads.

        Examples:
          understudy bench classify
          understudy bench classify --arch resnet18-48 --precision bfloat16 --batch 64 --json
        """)
    {
        Recipe, Arch, Number, Size, Channels, Batch, Seconds, Json,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        if (a.GetValue(Number) is { } number) OptionException.RequireOneOf("--precision", number, "float32", "bfloat16");
        Precision[] precisions = a.GetValue(Number) switch { null => [Precision.Float32, Precision.BFloat16], "bfloat16" => [Precision.BFloat16], _ => [Precision.Float32] };
        var channels = a.GetValue(Channels);
        OptionException.RequireOneOf("--channels", FormattableString.Invariant($"{channels}"), "1", "3");
        List<ClassifierOptions> subjects = [.. a.GetValue(Recipe)!.Select(ClassifierOptions.Recipe), .. a.GetValue(Arch)!.Select(ClassifierOptions.For)];
        if (subjects.Count == 0) subjects = [ClassifierOptions.Recipe("screening"), ClassifierOptions.Recipe("a"), ClassifierOptions.Recipe("b")];
        var plan = subjects.SelectMany(o => precisions.Select(p => o with
        {
            Precision = p,
            Size = a.GetValue(Size) ?? o.Size,
            EarlySize = a.GetValue(Size) ?? o.EarlySize,
            Batch = a.GetValue(Batch) ?? o.Batch,
        })).ToList();
        plan.ForEach(o => o.Validate());

        List<ClassifierSpeed> speeds = [];
        foreach (var options in plan)
        {
            session.Terminal.Report("bench", speeds.Count, plan.Count, "network", $"{options.Arch}, {Name(options.Precision)}");
            speeds.Add(ClassifierSpeed.Measure(options, channels, a.GetValue(Seconds), session.Cancel));
        }
        session.Terminal.Report("bench", speeds.Count, plan.Count, "network");
        session.Output.Write(a.GetValue(Json) ? StrictJson.Write(speeds) : Text(speeds));
        return CommandLine.Done;
    }

    private static string Name(Precision precision) => precision == Precision.BFloat16 ? "bfloat16" : "float32";

    private static string Text(List<ClassifierSpeed> speeds)
    {
        static string Say(FormattableString text) => FormattableString.Invariant(text);
        return TextTable.Of(
        [
            ["network", "size", "batch", "precision", "parameters", "MACs", "train img/s", "GFLOP/s", "share", "loading", "predict img/s", "GFLOP/s", "share", "convolution GFLOP/s"],
            .. speeds.Select(s => (string[])
            [
                s.Arch, Say($"{s.Channels}×{s.Size}×{s.Size}"), Say($"{s.Batch}"), Name(s.Precision), Say($"{s.Parameters / 1e6:0.00} M"), Say($"{s.MultiplyAdds / 1e6:0} M"),
                Say($"{s.Training.ImagesPerSecond:0}"), Say($"{s.Training.Gflops:0}"), Say($"{s.Training.Share:0.00}"), Say($"{s.LoadingShare:0.000}"),
                Say($"{s.Prediction.ImagesPerSecond:0}"), Say($"{s.Prediction.Gflops:0}"), Say($"{s.Prediction.Share:0.00}"), Say($"{s.ConvolutionGflops:0}"),
            ]),
        ]) + $"{Human.Count(speeds[0].Threads, "thread")}\n";
    }
}
