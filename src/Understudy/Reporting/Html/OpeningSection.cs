using Understudy.Evaluation.Utility;
using Understudy.Reporting.Figures;

namespace Understudy.Reporting.Html;

/// <summary>The answer first: verdict, the three numbers behind it, and what casts doubt on them.</summary>
internal static class OpeningSection
{
    public static Markup Of(ReportModel model, IReadOnlyList<LineStyle> styles) => Markup.Of($"""
        <header>
        <p class="eyebrow">Study <bdi>{model.Study.Name}</bdi> · {model.Study.Question}</p>
        <h1>{model.Verdict.Title}</h1>
        <p class="lead">{Bound(model.Verdict.Headline)}</p>
        {model.Verdict.Details.Select(d => Markup.Of($"<p>{Bound(d)}</p>"))}
        <ul class="tiles">{Tiles(model, styles)}</ul>
        {Alerts(model)}
        </header>
        """);

    /// <summary>A number stays on the line with its ± and its per cent.</summary>
    private static string Bound(string text) =>
        text.Replace(" ± ", "\u00A0±\u00A0", StringComparison.Ordinal).Replace(" %", "\u00A0%", StringComparison.Ordinal);

    private static IEnumerable<Markup> Tiles(ReportModel model, IReadOnlyList<LineStyle> styles) =>
        from tile in model.Test.ComparesClassifiers ? Classifiers(model) : Kinds(model)
        select Markup.Of($"""
            <li class="{styles[tile.Arm].Colour}"><strong>{Value.WithSd($"arm/{tile.Arm}/accuracy", model.Arms[tile.Arm][Measure.Accuracy].Seeds)}</strong>
            <span class="what">accuracy{tile.What} <bdi>{model.Arms[tile.Arm].Arm.Name}</bdi></span></li>
            """);

    private static IEnumerable<(int Arm, string What)> Kinds(ReportModel model) =>
        from kind in new[] { ArmKind.Real, ArmKind.Synthetic, ArmKind.Control }
        let i = model.Arms.ToList().FindIndex(a => a.Arm.Kind == kind)
        where i >= 0
        select (i, ", trained on");

    /// <summary>The first and, where that is another, the one with the highest number.</summary>
    private static IEnumerable<(int Arm, string What)> Classifiers(ReportModel model)
    {
        var best = Enumerable.Range(0, model.Arms.Count).MaxBy(i => model.Arms[i].Accuracy);
        yield return (0, " of the first,");
        if (best != 0) yield return (best, ", the highest, of");
    }

    private static Markup Alerts(ReportModel model) => model.Warnings.Count == 0 ? Markup.None : Markup.Of($"""
        <aside class="alerts" aria-labelledby="alerts"><h2 id="alerts">Worth knowing</h2>
        <ul>{model.Warnings.Select(w => Markup.Of($"<li>{w}</li>"))}</ul></aside>
        """);
}
