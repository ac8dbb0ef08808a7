using Understudy.Evaluation.Utility;
using Understudy.Reporting.Figures;

namespace Understudy.Reporting.Html;

/// <summary>The table of arms, the same as a figure, and every arm against the real one.</summary>
internal static class ResultsSection
{
    public static Markup Of(ReportModel model, IReadOnlyList<LineStyle> styles) => Markup.Of($"""
        <section><h2>Results on real test images</h2>
        <p>The same classifier{(model.Arms.Select(a => a.Arm.Classifier).Distinct().Count() > 1 ? "s" : "")}, trained on different images, tested on the same {Value.Count("test/images", model.TestImages)} real
        images ({model.Study.Data.TestSet}) that nothing was trained on.</p>
        {Results(model, styles)}
        <p class="note">Mean ± standard deviation over seeds; in brackets the {Numbers.Level(model.Bootstrap.Level)} interval over test images.
        F1, AUROC, precision and recall are macro averages{(model.Study.References.Count > 0 ? "; numbers printed elsewhere are averaged as their rows say" : "")}.</p>
        <div class="pair"><figure>{Dots(model, styles)}
        <figcaption>Accuracy of each arm: dot, mean over seeds; rings below, single seeds; line with ends,
        {Numbers.Level(model.Bootstrap.Level)} interval over test images.</figcaption></figure>
        <div>{Comparisons(model)}{NotRun(model.Study)}</div></div>
        </section>
        """);

    private static Markup Results(ReportModel model, IReadOnlyList<LineStyle> styles) => Table.Of(
        "Table of results", Markup.Of($"Scores by training set"),
        [Table.Head("Trained on"), .. Table.NumberHeads("Seeds", "Accuracy", "F1", "AUROC", "Precision", "Recall")],
        [
            .. model.Arms.Select((a, i) => ArmRow(a, i, styles[i])), MajorityRow(model),
            .. model.Study.References.Select(r => ReferenceCells(r, Table.Number(Numbers.None))),
        ]);

    private static IEnumerable<Markup> ArmRow(ArmScores arm, int i, LineStyle style) =>
    [
        Markup.Of($"""
            <th scope="row"><span class="key {style.Colour}"></span><bdi>{arm.Arm.Name}</bdi>{Tags(arm.Arm)}
            <span class="why">{arm.Arm.Description}</span></th>
            """),
        Table.Number(Value.Count($"arm/{i}/seeds", arm.PerSeed.Count)),
        .. arm.Measures.Select(m => MeasureCell(m, $"arm/{i}/{SummaryJson.Key(m.Measure)}")),
    ];

    internal static Markup MeasureCell(MeasureSummary m, string key) =>
        Table.Number(Markup.Of($"""{Value.WithSd(key, m.Seeds)}<span class="sub">{Value.Interval(key, m.Interval)}</span>"""));

    private static IEnumerable<Markup> Tags(ArmResult arm)
    {
        if (arm.RealAssisted) yield return Tag("real-assisted");
        if (arm.TrainingImages is { } n) yield return Tag($"{Numbers.Count(n)} images");
    }

    private static Markup Tag(string text) => Markup.Of($"""<span class="tag">{text}</span>""");

    private static IEnumerable<Markup> MajorityRow(ReportModel model) =>
    [
        Quiet(Markup.Of($"nothing: always “<bdi>{model.Majority.Class}</bdi>”"), "the most frequent class of the test set"),
        Table.Number(Numbers.None),
        Table.Number(Value.Share("majority/accuracy", model.Majority.Accuracy)),
        Markup.Of($"<td colspan=\"4\"></td>"),
    ];

    /// <summary>A row of numbers printed elsewhere.</summary>
    /// <param name="between">A cell between the name and the numbers.</param>
    internal static IEnumerable<Markup> ReferenceCells(ReferenceRow row, Markup between = default) =>
    [
        Quiet(Markup.Of($"<bdi>{row.Name}</bdi>"), $"printed elsewhere: {row.About}"),
        between,
        .. new[] { row.Accuracy, row.F1, row.Auroc, row.Precision, row.Recall }.Select(v => Table.Number(Numbers.Share(v))),
    ];

    private static Markup Quiet(Markup name, string why) => Markup.Of($"""<th scope="row" class="quiet">{name}<span class="why">{why}</span></th>""");

    private static Markup Dots(ReportModel model, IReadOnlyList<LineStyle> styles) => DotChart.Draw(
        "Accuracy of each arm on real test images", "accuracy",
        [.. model.Arms.Select((a, i) => new DotRow(a.Arm.Name, a[Measure.Accuracy].Seeds.Mean, a[Measure.Accuracy].Interval,
            [.. a.PerSeed.Select(s => s[Measure.Accuracy])], styles[i]))],
        ("always the most frequent class", model.Majority.Accuracy));

    private static Markup Comparisons(ReportModel model)
    {
        if (model.Comparisons.Count == 0) return Markup.None;
        var one = model.Comparisons.Select(c => c.Reference).Distinct().Count() == 1;
        var caption = one ? Markup.Of($"Accuracy minus that of “<bdi>{model.Comparisons[0].Reference}</bdi>”")
            : Markup.Of($"Accuracy minus that of the arm compared with");
        var table = Table.Of("Differences between arms", caption,
            [Table.Head("Trained on"), .. one ? (Markup[])[] : [Table.Head("Compared with")], Table.NumberHead("Difference"), Table.NumberHead("p")],
            model.Comparisons.Select((c, i) => Comparison(c, $"comparison/{i}", one)));
        return Markup.Of($"""
            {table}<p class="note">On the same test images. p: exact McNemar test per seed, corrected by Holm over all tests of this table;
            the largest of the seeds is shown.</p>
            """);
    }

    private static IEnumerable<Markup> Comparison(ArmComparison c, string key, bool one)
    {
        var difference = Value.Signed(key + "/difference", c.Difference);
        return
        [
            Table.RowHead(c.Arm),
            .. one ? (Markup[])[] : [Table.Text(Markup.Of($"<bdi>{c.Reference}</bdi>"))],
            Table.Number(Markup.Of($"""{difference}<span class="sub">{Value.SignedInterval(key, c.Interval)}</span>""")),
            c.Pairs.Count == 0 ? Table.Number(Numbers.None) : Table.Number(Value.PValue(key + "/p_holm", c.Pairs.Max(p => p.AdjustedP))),
        ];
    }

    private static Markup NotRun(StudyResult study) => study.NotRun.Count == 0 ? Markup.None : Markup.Of($"""
        <h3>Not run</h3><ul>{study.NotRun.Select(n => Markup.Of($"<li><bdi>{n.Name}</bdi>: {n.Reason}</li>"))}</ul>
        """);
}
