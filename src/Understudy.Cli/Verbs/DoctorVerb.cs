using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Evaluation.Diagnosis;
using Understudy.Studies.Doctor;

namespace Understudy.Cli.Verbs;

/// <summary>
/// <c>doctor</c>: what is wrong with a study or with files, as far as it can be seen without training anything.
/// </summary>
internal static class DoctorVerb
{
    private const string About = """
        Look for what makes numbers wrong: in a study, or in files held against each other.

        It takes a study's folder, images (folder, zip, fer2013.csv, Parquet, .safetensors set), predictions.csv,
        split.csv, tables of labels, runs of classifiers and generators and their .safetensors, in any number: what
        each path is, is seen by its content. Nothing is trained.

        It finds class orders and splits that differ, predictions out of order, independent of the labels or under a
        permuted class order, collapse onto one class, copies of test images in training, and training, choosing or
        generating on test images. The worst comes first; --verbose also tells what is fine.

        Exit code: 0 without a fault (there may be warnings), 1 with one.

        Examples:
          understudy doctor runs/fer2013-1a2b3c4d
          understudy doctor fer2013.zip --split split.csv
          understudy doctor predictions.csv --labels fer2013.zip
          understudy doctor runs/judge runs/faces/generator.safetensors faces.zip
        """;

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "A study's folder, or files and folders to be held against each other",
            Arity = ArgumentArity.OneOrMore,
        };
        var labels = new Option<string?>("--labels")
        {
            Description = "The truth for predictions: images, or a CSV with columns id and label",
            HelpName = "PATH",
        };
        var split = new Option<string?>("--split")
        {
            Description = "Which role every image has [default: the set's own parts]",
            HelpName = "split.csv",
        };
        var quick = new Option<bool>("--no-duplicates") { Description = "Do not look for copies among images" };
        var json = new Option<bool>("--json") { Description = "Print JSON, for a script" };
        var reading = new ReadingOptions();
        return reading.AddTo(new Command("doctor", About) { paths, labels, split, quick, json }).Does(s =>
        {
            var a = s.Arguments;
            string[] given = [.. a.GetValue(paths)!,
                .. (string[])[.. new[] { a.GetValue(labels), a.GetValue(split) }.OfType<string>()]];
            var artefacts = Read(given, new(reading.From(a), s.Terminal), s.Cancel);
            if (a.GetValue(split) is { } file && !artefacts.Any(x => x.Name == file && x.Split is not null))
                throw new OptionException(
                    $"--split: {file} is no split; give a file of id,role, such as understudy data split writes");
            if (a.GetValue(labels) is { } truth
                && !artefacts.Any(x => x.Name == truth && (x.Labels ?? (object?)x.Images) is not null))
            {
                throw new OptionException($"--labels: {truth} holds no labels; give images, or a CSV with columns id and label");
            }
            var complaints = Examination.Of(artefacts, !a.GetValue(quick), s.Terminal, s.Cancel);
            if (a.GetValue(json)) s.Output.Write(DoctorReport.Json(artefacts, complaints));
            else DoctorReport.Write(s.Output, artefacts, complaints, a.GetValue<bool>("--verbose"),
                s.Terminal.Colour && ReferenceEquals(s.Output, Console.Out) && !Console.IsOutputRedirected);
            return complaints.Any(c => c.Finding.Severity == Severity.Fault) ? CommandLine.Failed : CommandLine.Done;
        });
    }

    private static List<Artefact> Read(string[] paths, ArtefactReader reader, CancellationToken cancel)
    {
        var artefacts = new List<Artefact>();
        foreach (var path in paths.Distinct(StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            artefacts.AddRange(reader.Read(path, alone: paths.Length == 1));
        }
        return artefacts;
    }
}
