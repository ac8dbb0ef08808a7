using Understudy.Evaluation.Utility;
using Understudy.Reporting.Figures;

namespace Understudy.Reporting.Html;

/// <summary>
/// The table of arms, the same as a figure, and every arm against the real one, or every classifier against the first.
/// </summary>
internal static class ResultsSection
{
    public static Markup Of(ReportModel model, IReadOnlyList<LineStyle> styles) => Markup.Of($"""
        <section><h2>Results on real test images</h2>
        <p>{Rows(model)}, tested on the same {Value.Count("test/images", model.TestImages)} real
        images ({model.Study.Data.TestSet}) that nothing was trained on.</p>
        {Results(model, styles)}
        <p class="note">Mean ± standard deviation over seeds; in brackets the {Numbers.Level(model.Bootstrap.Level)} interval over test images.
        NLL: the mean −ln of the probability of the true class, lower is better. F1, AUROC, precision and recall are macro averages{(model.Study.References.Count > 0 ? "; numbers printed elsewhere are averaged as their rows say" : "")}.</p>
        <div class="pair"><figure>{Dots(model, styles)}
        <figcaption>Accuracy of each {Row(model)}: dot, mean over seeds; rings below, single seeds; line with ends,
        {Numbers.Level(model.Bootstrap.Level)} interval over test images{(model.Test.ComparesClassifiers ? ". The axis does not begin at 0" : "")}.</figcaption></figure>
        <div>{Comparisons(model)}{NotRun(model.Study)}</div></div>
        </section>
        """);

    private static string Row(ReportModel model) => model.Test.ComparesClassifiers ? "classifier" : "arm";

    private static Markup Rows(ReportModel model)
    {
        var (first, several) = (model.Arms[0].Arm, model.Arms.Select(a => a.Arm.Classifier).Distinct().Count() > 1);
        if (!ClassifierRows.Differ(model.Study.Arms))
            return Markup.Of($"The same classifier{(several ? "s" : "")}, trained on different images");
        var count = first.TrainingImages is { } n ? $"{Numbers.Count(n)} " : "";
        return Markup.Of(
            $"{model.Arms.Count} classifiers, trained on the same {count}images{(first.Description == "" ? "" : $" ({first.Description})")}");
    }

    private static Markup Results(ReportModel model, IReadOnlyList<LineStyle> styles) => Table.Of(
        "Table of results", Markup.Of($"Scores by {(ClassifierRows.Differ(model.Study.Arms) ? "classifier" : "training set")}"),
        [Table.Head(model.RowsAre), .. Table.NumberHeads("Seeds", "Accuracy", "NLL", "F1", "AUROC", "Precision", "Recall")],
        [
            .. model.Arms.Select((a, i) => ArmRow(a, i, styles[i], ClassifierRows.Differ(model.Study.Arms))), MajorityRow(model),
            .. model.Study.References.Select(r => ReferenceCells(r, Table.Number(Numbers.None), Table.Number(Numbers.None))),
        ]);

    /// <param name="sameImages">What all rows share, their training images, is said once, above.</param>
    private static IEnumerable<Markup> ArmRow(ArmScores arm, int i, LineStyle style, bool sameImages) =>
    [
        Markup.Of($"""
            <th scope="row"><span class="key {style.Colour}"></span><bdi>{arm.Arm.Name}</bdi>{Tags(arm.Arm, sameImages)}
            {Why(sameImages ? arm.Arm.Differs : arm.Arm.Description)}</th>
            """),
        Table.Number(Value.Count($"arm/{i}/seeds", arm.PerSeed.Count)),
        .. MeasureCells(arm, $"arm/{i}"),
    ];

    /// <summary>Accuracy, NLL, and what is averaged over classes.</summary>
    internal static IEnumerable<Markup> MeasureCells(ArmScores arm, string key) => arm.Measures
        .Select(m => MeasureCell(m, $"{key}/{SummaryJson.Key(m.Measure)}"))
        .SelectMany((cell, m) =>
            m == (int)Measure.Accuracy ? (Markup[])[cell, Table.Number(Value.WithSd($"{key}/nll", arm.Nll))] : [cell]);

    private static Markup Why(string? text) =>
        string.IsNullOrEmpty(text) ? Markup.None : Markup.Of($"""<span class="why">{text}</span>""");

    private static Markup MeasureCell(MeasureSummary m, string key) =>
        Table.Number(Markup.Of($"""{Value.WithSd(key, m.Seeds)}<span class="sub">{Value.Interval(key, m.Interval)}</span>"""));

    private static IEnumerable<Markup> Tags(ArmResult arm, bool sameImages)
    {
        if (arm.RealAssisted) yield return Tag("real-assisted");
        if (!sameImages && arm.TrainingImages is { } n) yield return Tag($"{Numbers.Count(n)} images");
    }

    private static Markup Tag(string text) => Markup.Of($"""<span class="tag">{text}</span>""");

    private static IEnumerable<Markup> MajorityRow(ReportModel model) =>
    [
        Quiet(Markup.Of($"nothing: always “<bdi>{model.Majority.Class}</bdi>”"), "the most frequent class of the test set"),
        Table.Number(Numbers.None),
        Table.Number(Value.Share("majority/accuracy", model.Majority.Accuracy)),
        Markup.Of($"<td colspan=\"5\"></td>"),
    ];

    /// <summary>A row of numbers printed elsewhere.</summary>
    /// <param name="between">A cell between the name and the numbers.</param>
    /// <param name="nll">A cell after the accuracy.</param>
    internal static IEnumerable<Markup> ReferenceCells(ReferenceRow row, Markup between = default, Markup nll = default) =>
    [
        Quiet(Markup.Of($"<bdi>{row.Name}</bdi>"), $"printed elsewhere: {row.About}"),
        between, Table.Number(Numbers.Share(row.Accuracy)), nll,
        .. new[] { row.F1, row.Auroc, row.Precision, row.Recall }.Select(v => Table.Number(Numbers.Share(v))),
    ];

    private static Markup Quiet(Markup name, string why) =>
        Markup.Of($"""<th scope="row" class="quiet">{name}<span class="why">{why}</span></th>""");

    private static Markup Dots(ReportModel model, IReadOnlyList<LineStyle> styles) => DotChart.Draw(
        $"Accuracy of each {Row(model)} on real test images", "accuracy",
        [.. model.Arms.Select((a, i) => new DotRow(a.Arm.Name, a[Measure.Accuracy].Seeds.Mean, a[Measure.Accuracy].Interval,
            [.. a.PerSeed.Select(s => s[Measure.Accuracy])], styles[i]))],
        model.Test.ComparesClassifiers ? ($"the first, {model.Arms[0].Arm.Name}", model.Arms[0].Accuracy)
            : ("always the most frequent class", model.Majority.Accuracy),
        close: model.Test.ComparesClassifiers);

    private static Markup Comparisons(ReportModel model)
    {
        if (model.Comparisons.Count == 0) return Markup.None;
        var one = model.Comparisons.Select(c => c.Reference).Distinct().Count() == 1;
        var caption = one ? Markup.Of($"Accuracy minus that of “<bdi>{model.Comparisons[0].Reference}</bdi>”")
            : Markup.Of($"Accuracy minus that of the arm compared with");
        var classifiers = model.Test.ComparesClassifiers;
        var table = Table.Of($"Differences between {Row(model)}s", caption,
            [Table.Head(model.RowsAre), .. one ? (Markup[])[] : [Table.Head("Compared with")], Table.NumberHead("Difference"),
                classifiers ? Table.Head("Verdict") : Table.NumberHead("p")],
            model.Comparisons.Select((c, i) =>
                classifiers ? Classifier(c, $"comparison/{i}") : Comparison(c, $"comparison/{i}", one)));
        return Markup.Of($"""
            {table}<p class="note">{(classifiers ? Joint(model)
                : "On the same test images. p: exact McNemar test per seed, corrected by Holm over all tests of this table; the largest of the seeds is shown.")}</p>
            """);
    }

    private static string Joint(ReportModel model) =>
        $"On the same test images. The {Numbers.Level(model.Bootstrap.Level)} intervals hold for all rows at once: "
        + (model.Arms.Any(a => a.PerSeed.Count > 1) ? "what another test set and training again would change."
            : "what another test set would change; what training again would is not known from one seed.");

    /// <summary>
    /// What the interval says stands there in words: the colour-blind and those in a hurry need not compare its ends with 0.
    /// </summary>
    private static IEnumerable<Markup> Classifier(ArmComparison c, string key) =>
    [
        Table.RowHead(c.Arm), Difference(c, key),
        Table.Text(c.Interval.Low > 0 ? Tag("better") : c.Interval.High < 0 ? Tag("worse") : Markup.None),
    ];

    private static Markup Difference(ArmComparison c, string key) =>
        Table.Number(
            Markup.Of($"""{Value.Signed(key + "/difference", c.Difference)}<span class="sub">{Value.SignedInterval(key, c.Interval)}</span>"""));

    private static IEnumerable<Markup> Comparison(ArmComparison c, string key, bool one)
    {
        return
        [
            Table.RowHead(c.Arm),
            .. one ? (Markup[])[] : [Table.Text(Markup.Of($"<bdi>{c.Reference}</bdi>"))],
            Difference(c, key),
            c.Pairs.Count == 0 ? Table.Number(Numbers.None)
                : Table.Number(Value.PValue(key + "/p_holm", c.Pairs.Max(p => p.AdjustedP))),
        ];
    }

    private static Markup NotRun(StudyResult study) => study.NotRun.Count == 0 ? Markup.None : Markup.Of($"""
        <h3>Not run</h3><ul>{study.NotRun.Select(n => Markup.Of($"<li><bdi>{n.Name}</bdi>: {n.Reason}</li>"))}</ul>
        """);
}
