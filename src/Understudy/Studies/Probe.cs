using System.Diagnostics;
using Understudy.Common;
using Understudy.Studies.Kinds;
using Understudy.Training.Classification;

namespace Understudy.Studies;

/// <summary>
/// Measures, once, how fast this machine is at a study's own training: a short piece of each generator and each classifier, done by
/// the same stages, then thrown away. <c>--minutes</c> is turned into kimg and epochs from it.
/// </summary>
internal sealed class Probe(Study study, Plan plan, Executor executor, string stages)
{
    /// <summary>How long a piece should take: long enough to drown a process's start.</summary>
    private const double PieceSeconds = 8;

    private readonly CostModel _costs = new(stages);

    public Budget Fit(double minutes, ProgressSink progress, CancellationToken cancel)
    {
        progress.Say($"measuring this machine, to fit the study into {Human.Count(minutes)} minutes");
        executor.Run(Beginning, cancel);
        var (measured, estimated) = (0.0, 0.0);
        var generators = Sum("generator", Pieces("generator", ShortGenerator));
        var classifiers = Sum("classifier", Pieces("classifier", ShortClassifier));
        var speed = measured / Math.Max(estimated, 1e-9);
        var rest = plan.Stages.Where(s => s.Kind is not ("generator" or "classifier")).Sum(s => _costs.Seconds(s, plan)) * Math.Max(1, speed);
        return Budget.Fit(study, minutes, speed, rest, generators, classifiers);

        double Sum(string kind, List<(List<Stage> Before, Stage Piece)> pieces)
        {
            var (took, thought) = (0.0, 0.0);
            foreach (var (before, piece) in pieces)
            {
                executor.Run([.. Beginning, .. before], cancel);
                took += Measure([.. Beginning, .. before, piece], piece, cancel);
                thought += _costs.Seconds(piece, plan with { Stages = [.. plan.Stages, .. before] });
            }
            measured += took;
            estimated += thought;
            return thought == 0 ? 0 : plan.Stages.Where(s => s.Kind == kind).Sum(s => _costs.Seconds(s, plan)) * took / thought;
        }
    }

    private List<Stage> Beginning => [.. plan.Stages.Where(s => s.Kind is "data" or "split")];

    /// <summary>One piece for each different way of training of a kind.</summary>
    private List<(List<Stage> Before, Stage Piece)> Pieces(string kind, Func<Stage, (List<Stage>, Stage)> shorten) =>
        [.. plan.Stages.Where(s => s.Kind == kind).DistinctBy(s => s.Options).Select(shorten)];

    private (List<Stage>, Stage) ShortGenerator(Stage stage)
    {
        var g = stage.Read<GeneratorStageOptions>();
        var kimg = Math.Clamp(g.Options.Kimg * PieceSeconds / _costs.Seconds(stage, plan), 32 * g.Options.Batch / 1000.0, g.Options.Kimg);
        return ([], stage with { Label = $"probe of {stage.Label}", Options = StrictJson.WriteLine(g with { Options = g.Options with { Kimg = kimg } }) });
    }

    private (List<Stage>, Stage) ShortClassifier(Stage stage)
    {
        var c = stage.Read<ClassifierOptions>();
        var selection = new Stage("selection of the probe", "select", StageKinds.Get("select").Version, 0,
            StrictJson.WriteLine(new SelectStageOptions([new(TrainingPart.Real)], Labels.Own)), [stage.Of("data"), stage.Of("split")]);
        var piece = stage with
        {
            Label = $"probe of {stage.Label}",
            Options = StrictJson.WriteLine(c with { Epochs = 1, Steps = Math.Max(10, (int)(20 * PieceSeconds)) }),
            Inputs = [stage.Of("data"), stage.Of("split"), new("selection", selection.Id)],
        };
        return ([selection], piece);
    }

    private double Measure(IReadOnlyList<Stage> upTo, Stage piece, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        executor.Run(upTo, cancel);
        Directory.Delete(new StageFolder(stages, piece).Path, recursive: true);
        return clock.Elapsed.TotalSeconds;
    }
}
