using Understudy.Evaluation.Utility;
using Understudy.Reporting.Figures;

namespace Understudy.Reporting.Html;

/// <summary>
/// A confusion matrix: a table that can be read aloud, coloured by row share; a heat map where a table would be too wide.
/// </summary>
internal static class ConfusionView
{
    /// <summary>More classes than this become squares.</summary>
    public const int MostInTable = 12;

    private const int WorstShown = 8;

    /// <param name="arm">Its place in the report, for the keys of the numbers.</param>
    public static Markup Of(int arm, ArmScores scores, IReadOnlyList<string> classes) => Markup.Of(
        $"<figure class=\"confusion\">{(classes.Count <= MostInTable ? Squares(arm, scores, classes) : Map(arm, scores, classes))}</figure>");

    private static Markup Squares(int arm, ArmScores scores, IReadOnlyList<string> classes) => Markup.Of($"""
        <div class="wide" tabindex="0" role="region" aria-label="Confusion matrix of {scores.Arm.Name}"><table class="heat">
        <caption><bdi>{scores.Arm.Name}</bdi></caption>
        <thead><tr><th scope="col">true ↓</th>{classes.Select(c => Name(c, "col"))}</tr></thead>
        <tbody>{classes.Select((c, i) => Row(arm, scores.Confusion, c, i))}</tbody></table></div>
        """);

    private static Markup Name(string name, string scope) =>
        Markup.Of($"""<th scope="{scope}" title="{name}"><bdi>{name}</bdi></th>""");

    private static Markup Row(int arm, ConfusionMatrix m, string name, int i) => Markup.Of(
        $"<tr>{Name(name, "row")}{Enumerable.Range(0, m.Classes).Select(j => Square(arm, m, i, j))}</tr>\n");

    private static Markup Square(int arm, ConfusionMatrix m, int i, int j) => Markup.Of($"""
        <td class="h{HeatMap.Step(m.RowShare(i, j))}{(i == j ? " hit" : "")}">{Count(arm, m, i, j)}<small>{Share(arm, m, i, j)}</small></td>
        """);

    private static Markup Count(int arm, ConfusionMatrix m, int i, int j) => Value.Count($"arm/{arm}/confusion/{i}/{j}", m[i, j]);

    private static Markup Share(int arm, ConfusionMatrix m, int i, int j) =>
        Value.Share($"arm/{arm}/row_share/{i}/{j}", m.RowShare(i, j));

    private static Markup Map(int arm, ArmScores scores, IReadOnlyList<string> classes)
    {
        var m = scores.Confusion;
        var worst = (from i in Enumerable.Range(0, m.Classes)
                     from j in Enumerable.Range(0, m.Classes)
                     where i != j && m[i, j] > 0
                     orderby m[i, j] descending, i, j
                     select (i, j)).Take(WorstShown);
        var table = Table.Of($"Most frequent mistakes of {scores.Arm.Name}", Markup.Of($"Most frequent mistakes"),
            [Table.Head("true"), Table.Head("taken for"), Table.NumberHead("images"), Table.NumberHead("share of class")],
            worst.Select(w => (IEnumerable<Markup>)
            [
                Table.RowHead(classes[w.i]), Table.Text(Markup.Of($"<bdi>{classes[w.j]}</bdi>")),
                Table.Number(Count(arm, m, w.i, w.j)), Table.Number(Share(arm, m, w.i, w.j)),
            ]));
        return Markup.Of($"""
            {HeatMap.Draw($"Confusion matrix of {scores.Arm.Name}", m)}
            <figcaption><bdi>{scores.Arm.Name}</bdi>: rows true, columns predicted, in class order.</figcaption>
            {table}
            """);
    }
}
