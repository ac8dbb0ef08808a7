namespace Understudy.Reporting.Html;

/// <summary>Which classes are taken for which, and how each class fares.</summary>
internal static class MistakesSection
{
    /// <summary>Longer tables start folded.</summary>
    private const int MostClassesOpen = 20;

    public static Markup Of(ReportModel model)
    {
        var classes = model.Study.Classes;
        var how = classes.Count <= ConfusionView.MostInTable
            ? "the count and, below it, the share of the row"
            : "the darker, the larger the share of the row";
        return Markup.Of($"""
            <section><h2>Which classes are mistaken</h2>
            <p>Rows are what the images show, columns what they were taken for, over all seeds: {how}.</p>
            <div class="pair">{model.Arms.Select((a, i) => ConfusionView.Of(i, a, classes))}</div>
            {ByClass("F1 of each class", PerClass(model), classes.Count)}
            {WeightedSection.Of(model)}
            {model.Arms.Select((a, i) => Folded($"Everything about each class, trained on {a.Arm.Name}", Details(a, i)))}
            </section>
            """);
    }

    /// <summary>A table with a row per class: open under a heading, or folded when it is long.</summary>
    internal static Markup ByClass(string title, Markup table, int classes) =>
        classes > MostClassesOpen ? Folded(title, table) : Markup.Of($"<h3>{title}</h3>{table}");

    internal static Markup Folded(string title, Markup content) => Markup.Of($"<details><summary>{title}</summary>{content}</details>");

    private static Markup PerClass(ReportModel model) => Table.Of("F1 of each class", Markup.Of($"Mean over seeds"),
        [Table.Head("Class"), Table.NumberHead("Test images"), .. model.Arms.Select(a => Table.NumberHead(a.Arm.Name))],
        model.Study.Classes.Select((c, k) => (IEnumerable<Markup>)
        [
            Table.RowHead(c), Table.Number(Value.Count($"class/{k}/support", model.Arms[0].PerClass[k].Support)),
            .. model.Arms.Select((a, i) => Table.Number(Value.Share($"arm/{i}/class/{k}/f1", a.PerClass[k].F1))),
        ]));

    private static Markup Details(ArmScores arm, int i)
    {
        var table = Table.Of($"Each class, trained on {arm.Arm.Name}", Markup.Of($"Mean over seeds; AUROC is of the class against the rest"),
            [Table.Head("Class"), .. Table.NumberHeads("Precision", "Recall", "F1", "AUROC")],
            arm.PerClass.Select((c, k) => DetailRow(c, $"arm/{i}/class/{k}")));
        return Markup.Of($"""
            {table}<p class="note">Over all test images: balanced accuracy
            {Value.WithSd($"arm/{i}/balanced_accuracy", arm.Over(s => s.Metrics.BalancedAccuracy))}, weighted precision
            {Value.WithSd($"arm/{i}/weighted_precision", arm.Over(s => s.Metrics.Weighted.Precision))}, weighted recall
            {Value.WithSd($"arm/{i}/weighted_recall", arm.Over(s => s.Metrics.Weighted.Recall))}, weighted F1
            {Value.WithSd($"arm/{i}/weighted_f1", arm.Over(s => s.Metrics.Weighted.F1))}, NLL
            {Value.WithSd($"arm/{i}/nll", arm.Over(s => s.Nll))}, ECE {Value.WithSd($"arm/{i}/ece", arm.Over(s => s.Ece))}.</p>
            """);
    }

    private static IEnumerable<Markup> DetailRow(ClassSummary c, string key) =>
    [
        Table.RowHead(c.Class),
        Table.Number(Value.Share(key + "/precision", c.Precision)), Table.Number(Value.Share(key + "/recall", c.Recall)),
        Table.Number(Value.Share(key + "/f1", c.F1)), Table.Number(Value.Share(key + "/auroc", c.Auroc)),
    ];
}
