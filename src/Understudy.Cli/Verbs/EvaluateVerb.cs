using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Cli.Verbs;

/// <summary><c>evaluate</c>: scores predictions.csv files anew, with intervals.</summary>
internal static class EvaluateVerb
{
    private const string Purpose = """
        Score one or more predictions.csv files: accuracy, macro F1, AUROC, precision and recall, with
        bootstrap intervals over the test images.

        A predictions.csv holds id, label and one probability per class; any classifier can write one.
        Nothing is trained. Beside the plain scores, the same predictions can be scored without test images
        that are copies of training images, and by the labels of FER+ votes. The options from --size on say how the
        images of --data are read.

        Examples:
          understudy evaluate runs/toy-1a2b3c4d/predictions/real+screening+0.csv
          understudy evaluate real.csv synthetic.csv --json
          understudy evaluate real.csv --data fer2013.zip --ferplus ferplus_votes.csv
          understudy evaluate real.csv --exclude copies.csv
        """;

    private static readonly Argument<string[]> Files = new("PREDICTIONS.csv")
    {
        Description = "Files: id,label,<one column per class>",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "The image set that the tested images are of: also score without those that have a copy among its other "
            + "images, not counting a test part's",
        HelpName = "PATH",
    };

    private static readonly Option<double> Threshold = new("--threshold")
    {
        Description =
            $"With --data: the correlation at {Duplicates.ComparedSide}×{Duplicates.ComparedSide} pixels from which two images are copies",
        HelpName = "0.5–1",
        DefaultValueFactory = _ => Duplicates.DefaultThreshold,
    };

    private static readonly Option<string?> Exclude = new("--exclude")
    {
        Description = "A CSV with a column id, such as a study's copies.csv: also score without these images",
        HelpName = "CSV",
    };

    private static readonly Option<string?> Ferplus = new("--ferplus")
    {
        Description = "A CSV of FER+ votes (file, neutral, happiness, …): also score by the labels they give",
        HelpName = "CSV",
    };

    private static readonly Option<bool> Plurality = new("--plurality")
    {
        Description = "With --ferplus: a label takes more votes than any other answer, not more than half of them",
    };

    private static readonly Option<int> Replicates = new("--bootstrap")
    {
        Description = "How often the test images are resampled",
        HelpName = "N",
        DefaultValueFactory = _ => 2000,
    };

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Seed of the resampling: the same seed gives the same intervals",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };

    private static readonly Option<bool> Json =
        new("--json") { Description = "Everything as JSON, also per class and the confusion matrix" };

    private static readonly ReadingOptions Reading = new();

    public static Command Create() => Reading.AddTo(new Command("evaluate", Purpose)
    {
        Files, Data, Threshold, Exclude, Ferplus, Plurality, Replicates, Seed, Json,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var options = new BootstrapOptions(a.GetValue(Replicates), Seed: a.GetValue(Seed)).Validate();
        var loaded = a.GetValue(Files)!.Select(f => (Path: f, Predictions: Load(f))).ToList();
        var scorings = EvaluateScorings.Of([.. loaded.SelectMany(l => l.Predictions.Ids).Distinct(StringComparer.Ordinal)],
            loaded[0].Predictions.Classes, a.GetValue(Data), Reading.From(a), a.GetValue(Threshold), a.GetValue(Exclude),
            a.GetValue(Ferplus), a.GetValue(Plurality) ? VoteRule.Plurality : VoteRule.Majority, session.Terminal);
        var tests = new List<EvaluatedFile>();
        var all = loaded.Count * (1 + scorings.Ways.Count);
        foreach (var (path, predictions) in loaded)
        {
            foreach (var how in scorings.Ways.Prepend(null))
            {
                session.Cancel.ThrowIfCancellationRequested();
                session.Terminal.Report("evaluate", tests.Count, all, "test", Path.GetFileName(path));
                var counted = how?.Apply(predictions) ?? predictions;
                tests.Add(new(path, Scores.From(counted), Bootstrap.Of([counted], options, scorings.Clusters))
                {
                    How = how,
                    LeftOut = how?.Counts(predictions) ?? [],
                });
            }
        }
        session.Terminal.Report("evaluate", tests.Count, all, "test");
        session.Output.Write(a.GetValue(Json) ? EvaluatedFile.ToJson(tests, options) : EvaluatedFile.ToText(tests, options));
        return CommandLine.Done;
    }

    private static Predictions Load(string file)
    {
        if (Directory.Exists(file))
        {
            var inside = Path.Combine(file, Predictions.FileName);
            throw new OptionException($"{file}: is a folder; " + (File.Exists(inside) ? $"did you mean {inside}?"
                : "name a predictions.csv, such as understudy classify test writes"));
        }
        var predictions = Predictions.Load(file);
        return predictions.Count > 0
            ? predictions : throw new InvalidDataException($"{file}: holds no image; a row per test image is needed");
    }
}
