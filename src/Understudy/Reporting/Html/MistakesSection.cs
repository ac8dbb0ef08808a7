namespace Understudy.Reporting.Html;

/// <summary>Which classes are taken for which, and how each class fares.</summary>
internal static class MistakesSection
{
    private const int MostClassesOpen = 20;

    public static Markup Of(ReportModel model)
    {
        var classes = model.Study.Classes;
        return Markup.Of($"""
            <section><h2>Which classes are mistaken</h2>
            <p>Rows are what the images show, columns what they were taken for: the count over all seeds and, below it, the share of the row.</p>
            <div class="pair">{model.Arms.Select((a, i) => ConfusionView.Of(i, a, classes))}</div>
            {Folded("F1 of each class", PerClass(model), classes.Count > MostClassesOpen)}
            {model.Arms.Select((a, i) => Folded($"Everything about each class, trained on {a.Arm.Name}", Details(a, i), true))}
            </section>
            """);
    }

    internal static Markup Folded(string title, Markup content, bool folded) => folded
        ? Markup.Of($"<details><summary>{title}</summary>{content}</details>")
        : Markup.Of($"<h3>{title}</h3>{content}");

    private static Markup PerClass(ReportModel model) => Markup.Of($"""
        <div class="wide" tabindex="0" role="region" aria-label="F1 of each class"><table>
        <caption>Mean over seeds.</caption>
        <thead><tr><th scope="col">Class</th><th scope="col" class="n">Test images</th>
        {model.Arms.Select(a => Markup.Of($"<th scope=\"col\" class=\"n\"><bdi>{a.Arm.Name}</bdi></th>"))}</tr></thead>
        <tbody>{model.Study.Classes.Select((c, k) => ClassRow(model, c, k))}</tbody></table></div>
        """);

    private static Markup ClassRow(ReportModel model, string name, int k) => Markup.Of($"""
        <tr><th scope="row"><bdi>{name}</bdi></th><td class="n">{Value.Count($"class/{k}/support", model.Arms[0].PerClass[k].Support)}</td>
        {model.Arms.Select((a, i) => Markup.Of($"<td class=\"n\">{Value.Share($"arm/{i}/class/{k}/f1", a.PerClass[k].F1)}</td>"))}</tr>

        """);

    private static Markup Details(ArmScores arm, int i) => Markup.Of($"""
        <div class="wide" tabindex="0" role="region" aria-label="Each class, trained on {arm.Arm.Name}"><table>
        <caption>Mean over seeds; AUROC is of the class against the rest</caption>
        <thead><tr><th scope="col">Class</th><th scope="col" class="n">Precision</th><th scope="col" class="n">Recall</th>
        <th scope="col" class="n">F1</th><th scope="col" class="n">AUROC</th></tr></thead>
        <tbody>{arm.PerClass.Select((c, k) => DetailRow(c, $"arm/{i}/class/{k}"))}</tbody></table></div>
        <p class="note">Over all test images: balanced accuracy
        {Value.WithSd($"arm/{i}/balanced_accuracy", arm.Over(s => s.Metrics.BalancedAccuracy))}, weighted precision
        {Value.WithSd($"arm/{i}/weighted_precision", arm.Over(s => s.Metrics.Weighted.Precision))}, weighted recall
        {Value.WithSd($"arm/{i}/weighted_recall", arm.Over(s => s.Metrics.Weighted.Recall))}, weighted F1
        {Value.WithSd($"arm/{i}/weighted_f1", arm.Over(s => s.Metrics.Weighted.F1))}, NLL
        {Value.WithSd($"arm/{i}/nll", arm.Over(s => s.Nll))}, ECE {Value.WithSd($"arm/{i}/ece", arm.Over(s => s.Ece))}.</p>
        """);

    private static Markup DetailRow(ClassSummary c, string key) => Markup.Of($"""
        <tr><th scope="row"><bdi>{c.Class}</bdi></th><td class="n">{Value.Share(key + "/precision", c.Precision)}</td>
        <td class="n">{Value.Share(key + "/recall", c.Recall)}</td><td class="n">{Value.Share(key + "/f1", c.F1)}</td>
        <td class="n">{Value.Share(key + "/auroc", c.Auroc)}</td></tr>

        """);
}
