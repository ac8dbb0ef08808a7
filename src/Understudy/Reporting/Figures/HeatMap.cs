using Understudy.Evaluation.Utility;
using Understudy.Reporting.Html;

namespace Understudy.Reporting.Figures;

/// <summary>
/// A confusion matrix of many classes as coloured squares; small ones are tables (<see cref="ConfusionView"/>).
/// </summary>
internal static class HeatMap
{
    /// <summary>Colours of the style sheet, h0 … h9, from nothing to all of a row.</summary>
    public const int Steps = 10;

    private const double Side = 440;

    /// <summary>The class of a row share. Anything above nothing is seen: h1 at least.</summary>
    public static int Step(double share) => share <= 0 ? 0 : Math.Clamp((int)Math.Ceiling(share * (Steps - 1)), 1, Steps - 1);

    public static Markup Draw(string title, ConfusionMatrix confusion)
    {
        var k = confusion.Classes;
        var cell = Side / k;
        var id = Anchor.Of(title);
        return Markup.Of($"""
            <svg viewBox="0 0 {Side} {Side}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}</title>
            <desc id="{id}-d">{k} classes; rows are true classes, columns predicted ones, darker is a larger share of the row.
            The most frequent mistakes are in the table below.</desc>
            <rect class="h0" width="{Side}" height="{Side}"/>{Cells()}</svg>
            """);

        IEnumerable<Markup> Cells()
        {
            for (int i = 0; i < k; i++)
            {
                for (int j = 0; j < k; j++)
                {
                    if (confusion[i, j] == 0) continue;
                    var step = Step(confusion.RowShare(i, j));
                    yield return Markup.Of(
                        $"""<rect class="h{step}" x="{j * cell}" y="{i * cell}" width="{cell}" height="{cell}"/>""");
                }
            }
        }
    }
}
