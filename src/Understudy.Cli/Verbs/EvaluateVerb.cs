using System.CommandLine;
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
        Nothing is trained and no native library is loaded.

        Examples:
          understudy evaluate runs/toy/arms/real/seed-1/predictions.csv
          understudy evaluate real.csv synthetic.csv --json
        """;

    private static readonly Argument<string[]> Files = new("predictions")
    {
        Description = "Files: id,label,<one column per class>",
        HelpName = "PREDICTIONS.csv",
        Arity = ArgumentArity.OneOrMore,
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

    private static readonly Option<bool> Json = new("--json") { Description = "Everything as JSON, also per class and the confusion matrix" };

    public static Command Create() => new Command("evaluate", Purpose) { Files, Replicates, Seed, Json }.Does(Run);

    private static int Run(Session session)
    {
        var options = new BootstrapOptions(session.Arguments.GetValue(Replicates), Seed: session.Arguments.GetValue(Seed)).Validate();
        var files = session.Arguments.GetValue(Files)!;
        var tests = new List<EvaluatedFile>();
        foreach (var file in files)
        {
            session.Cancel.ThrowIfCancellationRequested();
            session.Terminal.Report("evaluate", tests.Count, files.Length, "file", Path.GetFileName(file));
            var predictions = Predictions.Load(file);
            if (predictions.Count == 0) throw new InvalidDataException($"{file}: holds no image; a row per test image is needed");
            tests.Add(new(file, Scores.From(predictions), Bootstrap.Of([predictions], options)));
        }
        session.Terminal.Report("evaluate", tests.Count, files.Length, "file");
        session.Output.Write(session.Arguments.GetValue(Json) ? EvaluatedFile.ToJson(tests, options) : EvaluatedFile.ToText(tests, options));
        return CommandLine.Done;
    }
}
