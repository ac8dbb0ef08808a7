using System.CommandLine;
using System.Globalization;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary><c>classify predict</c>: images without labels to classes and probabilities.</summary>
internal static class PredictVerb
{
    private static readonly Argument<string> Classifier = ClassifierPath.Argument();
    private static readonly Argument<string> Images = new("IMAGES")
    {
        Description = "An image file, or a folder or zip with images, however it is laid out; with --selection labelled images, "
            + "as train takes them",
    };
    private static readonly Option<string> Format = new("--format") { Description = "csv or json", DefaultValueFactory = _ => "csv" };
    private static readonly Option<string?> Out = new("--out", "-o") { Description = "Write to a file (default: standard output)" };
    private static readonly Option<string?> SelectionPath = new("--selection")
    {
        Description = "Write the probabilities as a selection in place of the answers: what train --selection teaches "
            + "another classifier",
    };
    private static readonly Option<Crop> Crop = ClassifierPath.Crop();
    private static readonly Option<bool> SkipBad = ClassifierPath.SkipBad();

    public static Command Create() => new Command("predict", "Ask a classifier about images: the likeliest class and a probability for each")
    {
        Classifier, Images, Format, Out, SelectionPath, Crop, SkipBad,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        OptionException.RequireOneOf("--format", a.GetValue(Format)!, "csv", "json");
        var selection = a.GetValue(SelectionPath);
        if (selection is not null && a.GetValue(Out) is not null)
            throw new OptionException("--selection and --out: give one; a selection is written in place of the answers");
        var file = ClassifierPath.Resolve(a.GetValue(Classifier)!);
        using var classifier = TrainedClassifier.Load(file);
        var reading = ImageReading.Square(classifier.Shape.Height, classifier.About.Channels, a.GetValue(Crop), a.GetValue(SkipBad));
        ClassifierPath.WarnOfPrecision(classifier, session.Terminal);
        var (parts, classes) = (new List<Predictions>(), classifier.About.Classes);
        if (selection is not null)
        {
            ImageSources.ReadInParts(a.GetValue(Images)!, reading, session.Terminal,
                new(part => parts.Add(ClassifierPredictor.Predict(classifier, file, part, session.Terminal, session.Cancel))));
        }
        else
        {
            var skipped = UnlabelledImages.ReadInParts(a.GetValue(Images)!, reading, session.Terminal, new(part =>
            {
                var p = ClassifierPredictor.Probabilities(classifier, part, session.Terminal, session.Cancel);
                // Predictions need labels, and refuse what is no number; these labels go nowhere.
                parts.Add(new([.. classes], part.Ids, part.Labels, p));
            }));
            foreach (var s in skipped) session.Terminal.Say($"skipped: {s.Path} {s.Reason}");
        }
        var answers = Predictions.Concatenate(parts);
        session.Terminal.Say($"{answers.Count} images at {classifier.Shape.Height}×{classifier.Shape.Width}, "
            + $"{(classifier.Shape.Channels == 1 ? "grey" : "RGB")}; those of another size were resized");
        if (selection is not null)
        {
            Taught(answers, classes).Save(selection);
            session.Output.WriteLine(selection);
            return CommandLine.Done;
        }
        var text = a.GetValue(Format) == "json" ? Json(answers) : Table(answers);
        if (a.GetValue(Out) is { } output) AtomicFile.WriteText(output, text);
        else session.Output.Write(text);
        return CommandLine.Done;
    }

    private static string Table(Predictions p)
    {
        var likeliest = p.Predicted();
        var rows = p.Ids.Select((id, i) => Csv.Row([id, p.Classes[likeliest[i]],
            .. p.Classes.Select((_, k) => p.Probabilities[i, k].ToString("0.######", CultureInfo.InvariantCulture))]));
        return Csv.Row(["image", "class", .. p.Classes]) + string.Concat(rows);
    }

    private static string Json(Predictions p)
    {
        var likeliest = p.Predicted();
        return StrictJson.Write(p.Ids.Select((id, i) => new Answer(id, p.Classes[likeliest[i]],
            p.Classes.Index().ToDictionary(c => c.Item, c => Math.Round(p.Probabilities[i, c.Index], 6)))));
    }

    private static Selection Taught(Predictions p, ClassNames classes) => new(classes, [.. p.Ids.Select((id, i) =>
        new SelectedImage(ClassifierPath.Source, id, p.Labels[i], Reason: "taught by a classifier",
            Soft: [.. classes.Select((_, k) => p.Probabilities[i, k])]))]);

    private sealed record Answer(string Image, string Class, Dictionary<string, double> Probabilities);
}
