using Understudy.Common;
using Understudy.Evaluation.Statistics;
using Understudy.Reporting.Html;

namespace Understudy.Reporting;

/// <summary>Writes a study's results into a folder, each file whole or not at all.</summary>
public static class ReportWriter
{
    public const string SummaryJsonName = "summary.json", SummaryMarkdownName = "summary.md", TimesName = "times.json",
        HtmlName = "report.html";

    /// <summary>Writes report.html, summary.md, times.json and, last, summary.json: where that stands, all stand.</summary>
    /// <exception cref="InvalidDataException">The study cannot be reported; the message says what is missing.</exception>
    public static ReportModel Write(string folder, StudyResult study, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(study);
        var model = ReportModel.Compute(study, bootstrap);
        AtomicFile.WriteText(Path.Combine(folder, HtmlName), HtmlReport.Write(model));
        AtomicFile.WriteText(Path.Combine(folder, SummaryMarkdownName), SummaryMarkdown.Write(model));
        AtomicFile.WriteText(Path.Combine(folder, TimesName), SummaryJson.WriteTimes(study));
        AtomicFile.WriteText(Path.Combine(folder, SummaryJsonName), SummaryJson.Write(model));
        return model;
    }
}
