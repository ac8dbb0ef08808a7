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
            {Matrices(model)}
            {ByClass("F1 of each class", Turned(model) ? PerClassTurned(model) : PerClass(model), Turned(model) ? 0 : classes.Count)}
            {WeightedSection.Of(model)}
            {Everything(model)}
            </section>
            """);
    }

    /// <summary>One for each row; of many classifiers the chosen ones, and the others folded.</summary>
    private static Markup Matrices(ReportModel model)
    {
        var shown = ClassifierRows.Shown(model.Test);
        int[] others = [.. Enumerable.Range(0, model.Arms.Count).Except(shown)];
        return Markup.Of($"""
            {Pair(shown)}{(others.Length == 0 ? Markup.None
                : Markup.Of($"<p class=\"note\">These are {ClassifierRows.ShownInWords}.</p>{Folded($"Confusion matrices of the other {others.Length}", Pair(others))}"))}
            """);

        Markup Pair(IEnumerable<int> arms) =>
            Markup.Of($"""<div class="pair">{arms.Select(i => ConfusionView.Of(i, model.Arms[i], model.Study.Classes))}</div>""");
    }

    /// <summary>Many rows get one fold around their own.</summary>
    private static Markup Everything(ReportModel model)
    {
        var of = ClassifierRows.Differ(model.Study.Arms) ? "by" : "trained on";
        var each = Markup.Join(
            model.Arms.Select((a, i) => Folded($"Everything about each class, {of} {a.Arm.Name}", Details(a, i, of))));
        return ClassifierRows.Shown(model.Test).Count < model.Arms.Count
            ? Folded("Everything about each class, classifier by classifier", each) : each;
    }

    /// <summary>Many classifiers are rows: as columns they would not fit on any screen.</summary>
    private static bool Turned(ReportModel model) =>
        model.Test.ComparesClassifiers && model.Arms.Count > model.Study.Classes.Count;

    private static Markup PerClassTurned(ReportModel model) => Table.Of("F1 of each class", Markup.Of($"Mean over seeds"),
        [Table.Head(model.RowsAre), .. Table.NumberHeads([.. model.Study.Classes])],
        model.Arms.Select((a, i) => (IEnumerable<Markup>)
        [
            Table.RowHead(a.Arm.Name), .. a.PerClass.Select((c, k) => Table.Number(Value.Share($"arm/{i}/class/{k}/f1", c.F1))),
        ]).Append([Table.RowHead("Test images"),
            .. model.Arms[0].PerClass.Select((c, k) => Table.Number(Value.Count($"class/{k}/support", c.Support)))]));

    /// <summary>A table with a row per class: open under a heading, or folded when it is long.</summary>
    internal static Markup ByClass(string title, Markup table, int classes) =>
        classes > MostClassesOpen ? Folded(title, table) : Markup.Of($"<h3>{title}</h3>{table}");

    internal static Markup Folded(string title, Markup content) =>
        Markup.Of($"<details><summary>{title}</summary>{content}</details>");

    private static Markup PerClass(ReportModel model) => Table.Of("F1 of each class", Markup.Of($"Mean over seeds"),
        [Table.Head("Class"), Table.NumberHead("Test images"), .. model.Arms.Select(a => Table.NumberHead(a.Arm.Name))],
        model.Study.Classes.Select((c, k) => (IEnumerable<Markup>)
        [
            Table.RowHead(c), Table.Number(Value.Count($"class/{k}/support", model.Arms[0].PerClass[k].Support)),
            .. model.Arms.Select((a, i) => Table.Number(Value.Share($"arm/{i}/class/{k}/f1", a.PerClass[k].F1))),
        ]));

    private static Markup Details(ArmScores arm, int i, string of)
    {
        var table = Table.Of($"Each class, {of} {arm.Arm.Name}",
            Markup.Of($"Mean over seeds; AUROC is of the class against the rest"),
            [Table.Head("Class"), .. Table.NumberHeads("Precision", "Recall", "F1", "AUROC")],
            arm.PerClass.Select((c, k) => DetailRow(c, $"arm/{i}/class/{k}")));
        return Markup.Of($"""
            {table}<p class="note">Over all test images: balanced accuracy
            {Value.WithSd($"arm/{i}/balanced_accuracy", arm.Over(s => s.Metrics.BalancedAccuracy))}, weighted precision
            {Value.WithSd($"arm/{i}/weighted_precision", arm.Over(s => s.Metrics.Weighted.Precision))}, weighted recall
            {Value.WithSd($"arm/{i}/weighted_recall", arm.Over(s => s.Metrics.Weighted.Recall))}, weighted F1
            {Value.WithSd($"arm/{i}/weighted_f1", arm.Over(s => s.Metrics.Weighted.F1))}, ECE {Value.WithSd($"arm/{i}/ece", arm.Over(s => s.Ece))}.</p>
            """);
    }

    private static IEnumerable<Markup> DetailRow(ClassSummary c, string key) =>
    [
        Table.RowHead(c.Class),
        Table.Number(Value.Share(key + "/precision", c.Precision)), Table.Number(Value.Share(key + "/recall", c.Recall)),
        Table.Number(Value.Share(key + "/f1", c.F1)), Table.Number(Value.Share(key + "/auroc", c.Auroc)),
    ];
}
