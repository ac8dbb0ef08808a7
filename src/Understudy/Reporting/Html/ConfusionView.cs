using Understudy.Evaluation.Utility;
using Understudy.Reporting.Figures;

namespace Understudy.Reporting.Html;

/// <summary>A confusion matrix: a table that can be read aloud, coloured by row share; a heat map where a table would be too wide.</summary>
internal static class ConfusionView
{
    /// <summary>More classes than this become squares.</summary>
    public const int MostInTable = 12;

    private const int WorstShown = 12;

    /// <param name="arm">Its place in the report, for the keys of the numbers.</param>
    public static Markup Of(int arm, ArmScores scores, IReadOnlyList<string> classes) =>
        classes.Count <= MostInTable ? Table(arm, scores, classes) : Map(arm, scores, classes);

    private static Markup Table(int arm, ArmScores scores, IReadOnlyList<string> classes) => Markup.Of($"""
        <figure class="confusion"><div class="wide" tabindex="0" role="region" aria-label="Confusion matrix of {scores.Arm.Name}"><table class="heat">
        <caption><bdi>{scores.Arm.Name}</bdi></caption>
        <thead><tr><th scope="col">true ↓</th>{classes.Select(c => Markup.Of($"<th scope=\"col\" title=\"{c}\"><bdi>{c}</bdi></th>"))}</tr></thead>
        <tbody>{classes.Select((c, i) => Markup.Of($"<tr><th scope=\"row\" title=\"{c}\"><bdi>{c}</bdi></th>{classes.Select((_, j) => Cell(arm, scores.Confusion, i, j))}</tr>"))}</tbody>
        </table></div></figure>
        """);

    private static Markup Cell(int arm, ConfusionMatrix m, int i, int j) => Markup.Of(
        $"<td class=\"h{HeatMap.Step(m.RowShare(i, j))}{(i == j ? " hit" : "")}\">{Value.Count($"arm/{arm}/confusion/{i}/{j}", m[i, j])}<small>{Value.Share($"arm/{arm}/row_share/{i}/{j}", m.RowShare(i, j))}</small></td>");

    private static Markup Map(int arm, ArmScores scores, IReadOnlyList<string> classes)
    {
        var m = scores.Confusion;
        var worst = (from i in Enumerable.Range(0, m.Classes)
                     from j in Enumerable.Range(0, m.Classes)
                     where i != j && m[i, j] > 0
                     orderby m[i, j] descending, i, j
                     select (i, j)).Take(WorstShown);
        return Markup.Of($"""
            <figure class="confusion">{HeatMap.Draw($"Confusion matrix of {scores.Arm.Name}", m)}
            <figcaption><bdi>{scores.Arm.Name}</bdi>: rows true, columns predicted, in class order.</figcaption>
            <div class="wide" tabindex="0" role="region" aria-label="Most frequent mistakes of {scores.Arm.Name}"><table><caption>Most frequent mistakes</caption><thead><tr><th scope="col">true</th><th scope="col">taken for</th><th scope="col" class="n">images</th><th scope="col" class="n">share of class</th></tr></thead>
            <tbody>{worst.Select(w => Markup.Of($"<tr><th scope=\"row\"><bdi>{classes[w.i]}</bdi></th><td><bdi>{classes[w.j]}</bdi></td><td class=\"n\">{Value.Count($"arm/{arm}/confusion/{w.i}/{w.j}", m[w.i, w.j])}</td><td class=\"n\">{Value.Share($"arm/{arm}/row_share/{w.i}/{w.j}", m.RowShare(w.i, w.j))}</td></tr>"))}</tbody></table></div></figure>
            """);
    }
}
