using System.CommandLine;
using System.Text.Json;
using Understudy.Reporting;
using Understudy.Studies;

namespace Understudy.Cli.Verbs;

/// <summary>A finished study's report, made again from its files.</summary>
internal static class ReportVerb
{
    private const string About = """
        Build a study's report anew from its files.

        Nothing is trained: every number is computed again from the predictions of its tests.

        Example:
          understudy report runs/toy-1a2b3c4d
        """;

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A study's folder: it holds plan.json" };
        return new Command("report", About) { folder }.Does(s =>
        {
            var path = s.Arguments.GetRequiredValue(folder);
            StudyRun.Report(path, s.Terminal, s.Cancel);
            using var summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, ReportWriter.SummaryJsonName)));
            SummaryTable.Write(summary.RootElement, s.Output);
            s.Output.WriteLine($"\nreport:   {Path.Combine(path, ReportWriter.HtmlName)}");
            return CommandLine.Done;
        });
    }
}
