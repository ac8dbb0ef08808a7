using System.CommandLine;
using Understudy.Common;
using Understudy.Reporting;
using Understudy.Reporting.Figures;
using Understudy.Training;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan curves</c>: how trainings went.</summary>
internal static class CurvesVerb
{
    private const int Most = 8;

    private static readonly Argument<string[]> Runs = new("RUN")
    {
        Description = "Folders of trainings, finished or not",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The SVG to write",
        DefaultValueFactory = _ => "curves.svg",
        HelpName = "SVG",
    };

    public static Command Create() => new Command("curves", """
        Draw how trainings went, over the images shown: losses, Fréchet distance, coverage and spread. Of several trainings, which
        may be at work, each measure with a line for each.

        Examples:
          understudy gan curves runs/faces
          understudy gan curves runs/faces runs/wider --out compared.svg
        """)
    {
        Runs, Out,
    }.Does(Run);

    private static int Run(Session session)
    {
        var (runs, path) = (session.Arguments.GetRequiredValue(Runs), session.Arguments.GetValue(Out)!);
        if (runs.Length > Most)
            throw new OptionException($"RUN: {runs.Length} trainings are more than a chart can tell apart; give {Most} at most");
        (string Name, GeneratorCurves Curves)[] trainings = [.. runs.Select(r => (Named(r, runs), Read(r)))];
        AtomicFile.WriteText(path, CurveSheet.Draw(trainings));
        session.Output.WriteLine($"{path}: {string.Join(", ", trainings.Select(t => $"{t.Name} to {Kimg(t.Curves)}"))}");
        return CommandLine.Done;
    }

    private static GeneratorCurves Read(string run)
    {
        var stats = Path.Combine(run, RunDirectory.StatsName);
        if (!File.Exists(stats))
            throw new OptionException($"RUN: '{run}' has no {RunDirectory.StatsName}; give the folder of a gan train");
        var curves = GeneratorCurves.Of(RunDirectory.ReadStats(stats));
        return curves.Losses.Any(l => l.Points.Count > 0) ? curves
            : throw new OptionException($"RUN: '{run}' holds no training of a generator that has told of its losses yet");
    }

    /// <summary>The folder's name, or its whole path where two are called alike.</summary>
    private static string Named(string run, string[] all)
    {
        string Last(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return all.Count(other => Last(other) == Last(run)) > 1 ? run : Last(run);
    }

    private static string Kimg(GeneratorCurves curves) =>
        FormattableString.Invariant($"{curves.Losses.Max(l => l.Points[^1].X):0.###} kimg");
}
