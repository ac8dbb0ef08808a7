using Understudy.Reporting.Figures;

namespace Understudy.Reporting.Html;

/// <summary>How the classifiers learned: accuracy on validation images and loss, over epochs.</summary>
internal static class CurvesSection
{
    public static Markup Of(ReportModel model, IReadOnlyList<LineStyle> styles)
    {
        if (model.Arms.All(a => a.Arm.Runs.All(r => r.Curve.Count == 0))) return Markup.None;
        return Markup.Of($"""
            <section><h2>How the classifiers learned</h2>
            <p>Strong lines are means over seeds, pale ones single seeds. The epoch that was tested is the best one on{Chosen(model)}
            validation images, never on test images.{(ClassifierRows.Shown(model.Test).Count < model.Arms.Count ? $" Drawn are {ClassifierRows.ShownInWords}." : "")}</p>
            <div class="pair">{Chart("validation accuracy", p => p.ValidationAccuracy)}{Chart("training loss", p => p.TrainLoss)}</div>
            </section>
            """);

        Markup Chart(string what, Func<EpochPoint, double> y) =>
            Markup.Of($"<figure>{LineChart.Draw($"Curves of {what} over epochs", "epoch", what, Lines(model, styles, y))}</figure>");
    }

    private static string Chosen(ReportModel model) => model.Study.Data.Roles.FirstOrDefault(r => r.Role == "validation") is { } v
        ? $" {Numbers.Count(v.Counts.Sum())} real"
            + (model.Arms.Any(a => a.Arm.Kind == ArmKind.Synthetic)
                ? " (for synthetic arms too: all that real images do for them)" : "")
        : "";

    private static IReadOnlyList<Line> Lines(ReportModel model, IReadOnlyList<LineStyle> styles, Func<EpochPoint, double> y) =>
        [.. ClassifierRows.Shown(model.Test).SelectMany(i => ArmLines(model.Arms[i].Arm, styles[i], y))];

    private static IEnumerable<Line> ArmLines(ArmResult arm, LineStyle style, Func<EpochPoint, double> y)
    {
        var runs = arm.Runs.Where(r => r.Curve.Count > 0).ToArray();
        if (runs.Length == 0) yield break;
        var mean = runs.SelectMany(r => r.Curve).GroupBy(p => p.Epoch).OrderBy(g => g.Key)
            .Select(g => new CurvePoint(g.Key, g.Average(y)));
        yield return new(arm.Name, [.. mean], style);
        if (runs.Length == 1) yield break;
        foreach (var run in runs)
            yield return new(arm.Name, [.. run.Curve.Select(p => new CurvePoint(p.Epoch, y(p)))], style, Faint: true);
    }
}
