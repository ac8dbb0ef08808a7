using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Utility;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary><c>classify test</c>: a classifier and labelled images to predictions.csv.</summary>
internal static class TestVerb
{
    private static readonly Argument<string> Classifier = ClassifierPath.Argument();
    private static readonly Argument<string> Data =
        ReadingOptions.Images("DATA", "Images with labels of the classifier's classes");
    private static readonly Option<string?> Out = new("--out", "-o")
    {
        Description = "Where the predictions go [default: predictions.csv beside the classifier]",
        HelpName = "FILE",
    };
    private static readonly Option<string?> SplitPath = new("--split")
    {
        Description =
            "A split.csv, whose test images are used; refused where the classifier was trained or chosen on some of them "
            + "[default: the one beside the classifier, where it names these images]",
        HelpName = "split.csv",
    };
    private static readonly Option<bool> All = new("--all") { Description = "Test all images of DATA, whatever a split says" };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as JSON" };

    private static readonly ReadingOptions Reading = new(size: false, channels: false);

    public static Command Create() => Reading.AddTo(new Command("test", """
        Test a classifier on labelled images; writes predictions.csv, which every evaluation starts from.

        Images of another size or colour are made like those that the classifier was trained on.

        Examples:
          understudy classify test runs/judge faces.zip
          understudy classify test runs/judge others.zip --all --crop center --out others.csv
        """)
    {
        Classifier, Data, Out, SplitPath, All, Json,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        if (a.GetValue(All) && a.GetValue(SplitPath) is not null)
            throw new OptionException("--all and --split: give one; --all tests every image");
        var file = ClassifierPath.Resolve(a.GetValue(Classifier)!);
        using var classifier = TrainedClassifier.Load(file);
        ClassifierPath.WarnOfPrecision(classifier, session.Terminal);
        var shape = classifier.Shape;
        var asked = a.GetValue(SplitPath) is { } path ? Split.Load(path) : null;
        var tested = new TestedImages(file, classifier.About.SplitHash, asked, a.GetValue(All), session.Terminal);
        var parts = new List<Predictions>();
        void Ask(ImageSet part) =>
            parts.Add(ClassifierPredictor.Predict(classifier, file, tested.Of(part), session.Terminal, session.Cancel));
        ImageSources.ReadInParts(a.GetValue(Data)!, Reading.From(a, shape.Height, shape.Channels), session.Terminal,
            new(Ask, tested.Choose));
        if (parts.Count == 0) throw new InvalidDataException($"{a.GetValue(Data)}: none of the images to be tested can be read");
        var predictions = Predictions.Concatenate(parts);
        var output = a.GetValue(Out) ?? PredictionsBeside(file);
        predictions.Save(output);
        Tell(session.Output, predictions, output, a.GetValue(Json));
        return CommandLine.Done;
    }

    /// <summary>Where predictions go if nothing else is said.</summary>
    internal static string PredictionsBeside(string classifierFile) =>
        Path.Combine(Path.GetDirectoryName(classifierFile)!, Predictions.FileName);

    private static void Tell(TextWriter output, Predictions predictions, string file, bool json)
    {
        var scores = Scores.From(predictions);
        if (json)
        {
            output.WriteLine(
                StrictJson.WriteLine(
                    new Result(file, scores.Count, scores.Metrics.Accuracy, scores.Metrics.Macro.F1, scores.Nll)));
            return;
        }
        output.WriteLine(FormattableString.Invariant(
            $"accuracy {scores.Metrics.Accuracy:0.0000}, macro F1 {scores.Metrics.Macro.F1:0.0000}, NLL {scores.Nll:0.0000} on {scores.Count} images"));
        foreach (var note in scores.Notes()) output.WriteLine(note);
        output.WriteLine(file);
    }

    private sealed record Result(string Predictions, int Images, double Accuracy, double MacroF1, double Nll);
}
