namespace Understudy.Reporting.Html;

/// <summary>Averages weighted by the test images of each class, beside those that were printed elsewhere.</summary>
internal static class WeightedSection
{
    public static Markup Of(ReportModel model)
    {
        var references = model.Study.References.Where(r => r.Average == Averaging.Weighted).ToList();
        var table = Table.Of("Weighted averages", Markup.Of($"Averages weighted by the test images of each class"),
            [Table.Head(model.RowsAre), .. Table.NumberHeads("Accuracy", "F1", "AUROC", "Precision", "Recall")],
            [.. model.Arms.Select(Row), .. references.Select(r => ResultsSection.ReferenceCells(r))]);
        return references.Count > 0
            ? Markup.Of($"<h3>Weighted averages</h3>{table}") : MistakesSection.Folded("Weighted averages", table);
    }

    private static IEnumerable<Markup> Row(ArmScores arm, int i) =>
    [
        Table.RowHead(arm.Arm.Name),
        Table.Number(Value.WithSd($"arm/{i}/weighted/accuracy", arm.Over(s => s.Metrics.Accuracy))),
        Table.Number(Value.WithSd($"arm/{i}/weighted/f1", arm.Over(s => s.Metrics.Weighted.F1))),
        Table.Number(Value.WithSd($"arm/{i}/weighted/auroc", arm.Over(s => s.WeightedAuroc))),
        Table.Number(Value.WithSd($"arm/{i}/weighted/precision", arm.Over(s => s.Metrics.Weighted.Precision))),
        Table.Number(Value.WithSd($"arm/{i}/weighted/recall", arm.Over(s => s.Metrics.Weighted.Recall))),
    ];
}
