using Understudy.Reporting.Figures;

namespace Understudy.Reporting.Html;

/// <summary>
/// report.html: one file that needs no network, no script and no other file, readable from top to bottom like a short paper.
/// It is well-formed XML, and every computed number in it is a <c>data</c> element with a key and the exact value.
/// </summary>
internal static class HtmlReport
{
    public static string Write(ReportModel model)
    {
        IReadOnlyList<LineStyle> styles = model.Test.ComparesClassifiers
            ? [.. model.Arms.Select((_, i) => Palette.At(i))] : Palette.Of([.. model.Arms.Select(a => a.Arm.Kind)]);
        var study = model.Study;
        return Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="generator" content="Understudy"/>
            <title>{study.Name}: {model.Verdict.Title}</title>
            <style>{Stylesheet}</style>
            </head>
            <body>
            {OpeningSection.Of(model, styles)}
            <main>
            {ResultsSection.Of(model, styles)}
            {ScoringsSection.Of(model)}
            {MistakesSection.Of(model)}
            {CurvesSection.Of(model, styles)}
            {GeneratorsSection.Of(study)}
            {MethodSection.Of(model)}
            {DefinitionsSection.Of(model)}
            </main>
            <footer>Made by Understudy from the predictions named above; <code>summary.json</code> beside this file holds the same numbers.</footer>
            </body>
            </html>

            """).ToString();
    }

    private static Markup Stylesheet { get; } = Markup.Trusted($"\n{Figures.Style.Of("figure.css")}{Figures.Style.Of("report.css")}");
}
