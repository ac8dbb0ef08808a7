using System.CommandLine;
using System.Globalization;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary><c>classify predict</c>: images without labels to classes and probabilities.</summary>
internal static class PredictVerb
{
    private static readonly Argument<string> Classifier = ClassifierPath.Argument();
    private static readonly Argument<string> Images = new("IMAGES")
    {
        Description = "An image file, a folder or zip with images, however it is laid out, or a set: fer2013.csv, Parquet, "
            + ".safetensors",
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
    private static readonly ReadingOptions Reading = new(size: false, channels: false);

    public static Command Create() => Reading.AddTo(new Command("predict", """
        Ask a classifier about images: the likeliest class and a probability for each.

        Images of another size or colour are made like those that the classifier was trained on.

        Examples:
          understudy classify predict runs/judge holiday.jpg --format json
          understudy classify predict runs/judge photos/ --crop center --out answers.csv
        """)
    {
        Classifier, Images, Format, Out,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        OptionException.RequireOneOf("--format", a.GetValue(Format)!, "csv", "json");
        var file = ClassifierPath.Resolve(a.GetValue(Classifier)!);
        using var classifier = TrainedClassifier.Load(file);
        var reading = Reading.From(a, classifier.Shape.Height, classifier.About.Channels);
        var set = Read(a.GetValue(Images)!, reading, session.Terminal);
        session.Terminal.Say($"{set.Count} images at {classifier.Shape.Height}×{classifier.Shape.Width}, {(classifier.Shape.Channels == 1 ? "grey" : "RGB")}; "
            + "those of another size were resized");
        var p = ClassifierPredictor.Probabilities(classifier, set, session.Terminal, session.Cancel);
        var text = a.GetValue(Format) == "json" ? Json(set, p, classifier.About.Classes) : Table(set, p, classifier.About.Classes);
        if (a.GetValue(Out) is { } output) AtomicFile.WriteText(output, text);
        else session.Output.Write(text);
        return CommandLine.Done;
    }

    /// <summary>Any images; a set in one file comes with labels, which are not asked for.</summary>
    private static ImageSet Read(string path, ImageReading reading, ProgressSink progress)
    {
        var isSet = ParquetSource.Is(path) || Path.GetExtension(path).ToLowerInvariant() is ".csv" or ImageSetFile.Extension;
        if (isSet || (reading.ImageColumn ?? reading.LabelColumn) is not null) return ImageSources.Read(path, reading, progress);
        var set = UnlabelledImages.Read(path, reading, progress, out var skipped);
        foreach (var s in skipped) progress.Say($"skipped: {s.Path} {s.Reason}");
        return set;
    }

    private static string Table(ImageSet set, float[,] p, ClassNames classes) => Csv.Row(["image", "class", .. classes])
        + string.Concat(set.Ids.Select((id, i) => Csv.Row([id, classes[Likeliest(p, i)],
            .. classes.Select((_, k) => p[i, k].ToString("0.######", CultureInfo.InvariantCulture))])));

    private static string Json(ImageSet set, float[,] p, ClassNames classes) => StrictJson.Write(set.Ids.Select((id, i) =>
        new Answer(id, classes[Likeliest(p, i)], classes.Index().ToDictionary(c => c.Item, c => Math.Round(p[i, c.Index], 6)))));

    private static int Likeliest(float[,] p, int image) => Enumerable.Range(0, p.GetLength(1)).MaxBy(k => p[image, k]);

    private sealed record Answer(string Image, string Class, Dictionary<string, double> Probabilities);
}
