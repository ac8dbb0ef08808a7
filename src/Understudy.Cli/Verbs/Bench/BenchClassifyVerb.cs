using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Training;
using Understudy.Training.Benchmarks;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Bench;

/// <summary><c>bench classify</c>: images per second of training and prediction.</summary>
internal static class BenchClassifyVerb
{
    private static readonly Option<string[]> Recipe = new("--recipe")
    {
        Description = $"{string.Join(", ", ClassifierOptions.RecipeNames)}; may be given again [default: screening, a and b]",
        DefaultValueFactory = _ => [],
        HelpName = "NAME",
    };
    private static readonly Option<string[]> Arch = new("--arch")
    {
        Description = $"A network with default training; may be given again: {string.Join(", ", ClassifierNet.Names)}",
        DefaultValueFactory = _ => [],
        HelpName = "NAME",
    };
    private static readonly WordOption<Precision> Number = PrecisionOption.Measured();
    private static readonly Option<int?> Size = new("--size")
    {
        Description = "Side of the images, in pixels [default: the network's own]",
        HelpName = "N",
    };
    private static readonly Option<int> Channels = new("--channels")
    {
        Description = "1 for grey images, 3 for RGB",
        DefaultValueFactory = _ => 1,
        HelpName = "1|3",
    };
    private static readonly Option<int?> Batch = new("--batch")
    {
        Description = "Images per training step [default: the recipe's]",
        HelpName = "N",
    };
    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "For training; as much again goes to loading and prediction",
        DefaultValueFactory = _ => 5,
        HelpName = "S",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Print it as JSON" };

    public static Command Create() => new Command("classify", """
        Measure how fast classifiers train and predict, on noise, at their final size.

        A training step is all of it: loading, augmentation, both passes, optimiser, averaged weights. The share
        is of the processor's own rate for a convolution that suits it (16 maps of 128 × 32 × 32, 3×3, forward
        and backward) in the same number format. Let nothing else run meanwhile. OMP_NUM_THREADS sets the number of threads.

        Examples:
          understudy bench classify > classify-here.md
          understudy bench classify --arch resnet18-48 --precision bfloat16 --batch 64 --json
        """)
    {
        Recipe, Arch, Number, Size, Channels, Batch, Seconds, Json,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        Precision[] precisions = Number.Given(a) is { } one ? [one] : [Precision.Float32, Precision.BFloat16];
        var channels = a.GetValue(Channels);
        OptionException.RequireOneOf("--channels", FormattableString.Invariant($"{channels}"), "1", "3");
        List<ClassifierOptions> subjects =
            [.. a.GetValue(Recipe)!.Select(ClassifierOptions.Recipe), .. a.GetValue(Arch)!.Select(ClassifierOptions.For)];
        if (subjects.Count == 0)
            subjects = [ClassifierOptions.Recipe("screening"), ClassifierOptions.Recipe("a"), ClassifierOptions.Recipe("b")];
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
            session.Terminal.Report("bench", speeds.Count, plan.Count, "network", $"{options.Arch}, {options.Precision.Word()}");
            speeds.Add(ClassifierSpeed.Measure(options, channels, a.GetValue(Seconds), session.Cancel));
        }
        session.Terminal.Report("bench", speeds.Count, plan.Count, "network");
        session.Output.Write(a.GetValue(Json) ? StrictJson.Write(speeds) : Markdown(speeds));
        return CommandLine.Done;
    }

    /// <summary>A table as it goes into bench/results, with the machine's line.</summary>
    private static string Markdown(List<ClassifierSpeed> speeds)
    {
        static string Say(FormattableString text) => FormattableString.Invariant(text);
        return TextTable.Markdown(
        [
            [
                "network", "size", "batch", "precision", "parameters", "MACs", "train images/s", "GFLOP/s", "share", "loading",
                "predict images/s", "GFLOP/s", "share", "convolution GFLOP/s",
            ],
            .. speeds.Select(s => (string[])
            [
                s.Arch, Say($"{s.Channels}×{s.Size}×{s.Size}"), Say($"{s.Batch}"), s.Precision.Word(),
                Say($"{s.Parameters / 1e6:0.00} M"), Say($"{s.MultiplyAdds / 1e6:0} M"),
                Say($"{s.Training.ImagesPerSecond:0}"), Say($"{s.Training.Gflops:0}"),
                Say($"{s.Training.Share:0.00}"), Say($"{s.LoadingShare:0.000}"), Say($"{s.Prediction.ImagesPerSecond:0}"),
                Say($"{s.Prediction.Gflops:0}"), Say($"{s.Prediction.Share:0.00}"), Say($"{s.ConvolutionGflops:0}"),
            ]),
        ]) + $"\n{GanSpeed.MachineLine(RunEnvironment.Current())}\n";
    }
}
