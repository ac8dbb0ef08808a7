using System.CommandLine;
using System.Text.Json;
using Understudy.Common;
using Understudy.Reporting;
using Understudy.Studies;
using Understudy.Studies.Stages;

namespace Understudy.Cli.Verbs;

/// <summary>A study from its file to its report.</summary>
internal static class RunVerb
{
    private const string About = """
        Run a study: data, generators, synthetic sets, classifiers, evaluation, report.

        A study file (YAML, see studies/) says what is compared. Each piece of work is done once and kept
        under ./runs (or UNDERSTUDY_RUNS): the same command after an interruption goes on where it stopped,
        and a changed study does only what changed.

        Examples:
          understudy run                                   the built-in toy study
          understudy run studies/toy.yaml -n               what it would do, and how long it would take
          understudy run studies/toy.yaml --minutes 30     the same, trained as long as fits into 30 minutes
          understudy run my.yaml --data faces.zip          with your images
          understudy run my.yaml --set generators.g24.kimg=20
        """;

    public static Command Create()
    {
        var study = new Argument<string?>("STUDY")
        {
            Description = "A study file; without it, the built-in toy study",
            Arity = ArgumentArity.ZeroOrOne
        };
        var data = new Option<string?>("--data")
        {
            Description = "Labelled images in place of the study's, in any form that understudy data takes",
            HelpName = "PATH",
        };
        var output = new Option<string?>("--out")
        {
            Description = "Where plan and report go [default: runs/<study>-<hash>]",
            HelpName = "DIR",
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "Root of all randomness",
            HelpName = "N",
            DefaultValueFactory = _ => 0,
        };
        var minutes = new Option<double?>("--minutes")
        {
            Description = "Fit the training into this time; measured and fixed at the first start",
            HelpName = "M",
        };
        var jobs = new Option<int>("--jobs")
        {
            Description = "Stages at once; they share the threads",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Change a value of the study, such as classifiers.screening.epochs=3; may be given again",
            HelpName = "KEY=VALUE",
        };
        var dry = new Option<bool>("--dry-run", "-n")
        {
            Description = "Only say what would be done, and about how long it would take",
        };
        var json = new Option<bool>("--json") { Description = "Print the result (or the plan) as JSON" };
        return new Command("run", About) { study, data, output, seed, minutes, jobs, set, dry, json }.Does(s =>
        {
            var a = s.Arguments;
            var run = new StudyRun(
                new(a.GetValue(study), a.GetValue(data), a.GetValue(output), a.GetValue(seed), a.GetValue(minutes),
                    a.GetValue(jobs), a.GetValue(set)),
                RunsFolder.Default, StageCommand.For("Understudy.Cli.dll"));
            if (a.GetValue(dry)) return PlanView.Write(run, a.GetValue(jobs), a.GetValue(minutes), s.Output, a.GetValue(json));
            s.Terminal.Say($"{run.Study.Name}: {run.Study.Question}");
            var open = run.Plan.Stages.Where(p => !new StageFolder(run.Stages, p).IsDone).ToList();
            // What minutes will make of the study is not known yet.
            var known = a.GetValue(minutes) is null || run.Existing?.Budget is not null;
            s.Terminal.Say($"{run.Plan.Stages.Count} stages, {run.Plan.Stages.Count - open.Count} of them done"
                + (known && open.Count > 0
                    ? $", the rest: about {Human.Duration(TimeLeft.Of(new(run.Stages), run.Plan.Stages, open, a.GetValue(jobs)))}" : "")
                + $"; results go to {Shown(run.Folder)}");
            run.Run(s.Terminal, s.Cancel);
            if (a.GetValue(json)) s.Output.Write(File.ReadAllText(Path.Combine(run.Folder, ReportWriter.SummaryJsonName)));
            else Tell(run, s.Output);
            return CommandLine.Done;
        });
    }

    /// <summary>The table, and where everything is.</summary>
    private static void Tell(StudyRun run, TextWriter output)
    {
        using var summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run.Folder, ReportWriter.SummaryJsonName)));
        output.WriteLine();
        SummaryTable.Write(summary.RootElement, output);
        output.WriteLine();
        output.WriteLine($"report:   {Shown(Path.Combine(run.Folder, ReportWriter.HtmlName))}");
        output.WriteLine(
            $"numbers:  {Shown(Path.Combine(run.Folder, ReportWriter.SummaryJsonName))}, {ReportWriter.SummaryMarkdownName}, "
            + "predictions/");
        foreach (var s in run.Plan.Stages.Where(s => s.Kind == GenerateStage.Kind))
            output.WriteLine($"{s.Label + ":",-9} {Shown(Path.Combine(run.Stages, s.Id, GenerateStage.Zip))}");
    }

    /// <summary>A path as short as it can be: relative where it lies below the current folder.</summary>
    internal static string Shown(string path) =>
        Path.GetRelativePath(Environment.CurrentDirectory, path) is var r && !r.StartsWith("..", StringComparison.Ordinal)
            ? r : path;
}
