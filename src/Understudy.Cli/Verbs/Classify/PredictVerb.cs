using System.CommandLine;
using System.Globalization;
using Understudy.Cli.Verbs.Options;
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
        Description = "An image file, a folder or zip with images, however it is laid out, or a set: fer2013.csv, Parquet, "
            + ".safetensors; with --selection labelled images, as train takes them",
    };
    private static readonly Option<string> Format = new("--format")
    {
        Description = "What to print",
        DefaultValueFactory = _ => "csv",
        HelpName = "csv|json",
    };
    private static readonly Option<string?> Out = new("--out", "-o")
    {
        Description = "Write to a file [default: standard output]",
        HelpName = "FILE",
    };
    private static readonly Option<string?> SelectionPath = new("--selection")
    {
        Description = "Write the probabilities as a selection in place of the answers: what train --selection teaches "
            + "another classifier",
        HelpName = "FILE",
    };
    private static readonly ReadingOptions Reading = new(size: false, channels: false);

    public static Command Create() => Reading.AddTo(new Command("predict", """
        Ask a classifier about images: the likeliest class and a probability for each.

        Images of another size or colour are made like those that the classifier was trained on.

        Examples:
          understudy classify predict runs/judge holiday.jpg --format json
          understudy classify predict runs/judge photos/ --crop center --out answers.csv
          understudy classify predict runs/teacher faces.zip --selection taught.csv
        """)
    {
        Classifier, Images, Format, Out, SelectionPath,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        OptionException.RequireOneOf("--format", a.GetValue(Format)!, "csv", "json");
        var selection = a.GetValue(SelectionPath);
        if (selection is not null && a.GetValue(Out) is not null)
            throw new OptionException("--selection and --out: give one; a selection is written in place of the answers");
        var file = ClassifierPath.Resolve(a.GetValue(Classifier)!);
        using var classifier = TrainedClassifier.Load(file);
        var reading = Reading.From(a, classifier.Shape.Height, classifier.About.Channels);
        ClassifierPath.WarnOfPrecision(classifier, session.Terminal);
        var (parts, classes) = (new List<Predictions>(), classifier.About.Classes);
        if (selection is not null || IsSet(a.GetValue(Images)!, reading))
        {
            ImageSources.ReadInParts(a.GetValue(Images)!, reading, session.Terminal,
                new(selection is not null
                    ? part => parts.Add(ClassifierPredictor.Predict(classifier, file, part, session.Terminal, session.Cancel))
                    : Ask));
        }
        else
        {
            var skipped = UnlabelledImages.ReadInParts(a.GetValue(Images)!, reading, session.Terminal, new(Ask));
            foreach (var s in skipped) session.Terminal.Say($"skipped: {s.Path} {s.Reason}");
        }
        if (parts.Count == 0) throw new InvalidDataException($"{a.GetValue(Images)}: holds no image");
        var answers = Predictions.Concatenate(parts);
        session.Terminal.Say($"{answers.Count} images at {classifier.Shape.Height}×{classifier.Shape.Width}, "
            + $"{(classifier.Shape.Channels == 1 ? "grey" : "RGB")}; other sizes are resized to it");
        if (selection is not null)
        {
            Teacher.Of(answers, classes, "taught by a classifier").Save(selection);
            session.Output.WriteLine(selection);
            return CommandLine.Done;
        }
        var text = a.GetValue(Format) == "json" ? Json(answers) : Table(answers);
        if (a.GetValue(Out) is { } output) AtomicFile.WriteText(output, text);
        else session.Output.Write(text);
        return CommandLine.Done;

        // Predictions need labels, and refuse what is no number; these labels go nowhere.
        void Ask(ImageSet part) => parts.Add(new([.. classes], part.Ids, new int[part.Count],
            ClassifierPredictor.Probabilities(classifier, part, session.Terminal, session.Cancel)));
    }

    /// <summary>A set in one file, which comes with labels; they are not asked for.</summary>
    private static bool IsSet(string path, ImageReading reading) => ParquetSource.Is(path)
        || Path.GetExtension(path).ToLowerInvariant() is ".csv" or ImageSetFile.Extension
        || (reading.ImageColumn ?? reading.LabelColumn) is not null;

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

    private sealed record Answer(string Image, string Class, Dictionary<string, double> Probabilities);
}
