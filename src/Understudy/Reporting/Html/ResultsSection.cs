using Understudy.Evaluation.Utility;
using Understudy.Reporting.Figures;

namespace Understudy.Reporting.Html;

/// <summary>The table of arms, the same as a figure, and every arm against the real one.</summary>
internal static class ResultsSection
{
    public static Markup Of(ReportModel model, IReadOnlyList<LineStyle> styles) => Markup.Of($"""
        <section><h2>Results on real test images</h2>
        <p>The same classifier, trained on different images, tested on the same {Value.Count("test/images", model.TestImages)} real
        images ({model.Study.Data.TestSet}) that nothing was trained on.</p>
        <div class="wide" tabindex="0" role="region" aria-label="Table of results"><table>
        <caption>Scores by training set</caption>
        <thead><tr><th scope="col">Trained on</th><th scope="col" class="n">Seeds</th><th scope="col" class="n">Accuracy</th><th scope="col" class="n">F1</th>
        <th scope="col" class="n">AUROC</th><th scope="col" class="n">Precision</th><th scope="col" class="n">Recall</th></tr></thead>
        <tbody>{model.Arms.Select((a, i) => ArmRow(a, i, styles[i]))}{MajorityRow(model)}{model.Study.References.Select(ReferenceRow)}</tbody>
        </table></div>
        <p class="note">Mean ± standard deviation over seeds; in brackets the {Numbers.Level(model.Bootstrap.Level)} interval over test images.
        F1, AUROC, precision and recall are macro averages.</p>
        <div class="pair"><figure>{Dots(model, styles)}
        <figcaption>Accuracy of each arm: dot, mean over seeds; rings, single seeds; bar, {Numbers.Level(model.Bootstrap.Level)} interval over test images.</figcaption></figure>
        <div>{Comparisons(model)}{NotRun(model.Study)}</div></div>
        </section>
        """);

    private static Markup ArmRow(ArmScores arm, int i, LineStyle style) => Markup.Of($"""
        <tr><th scope="row"><span class="key {style.Colour}"></span><bdi>{arm.Arm.Name}</bdi>{Tags(arm.Arm)}<span class="why">{arm.Arm.Description}</span></th>
        <td class="n">{Value.Count($"arm/{i}/seeds", arm.PerSeed.Count)}</td>{arm.Measures.Select(m => Cell(m, i))}</tr>

        """);

    private static Markup Cell(MeasureSummary m, int arm)
    {
        var key = $"arm/{arm}/{SummaryJson.Key(m.Measure)}";
        return Markup.Of($"""<td class="n">{Value.WithSd(key, m.Seeds)}<span class="sub">{Value.Interval(key, m.Interval)}</span></td>""");
    }

    private static Markup Tags(ArmResult arm) => Markup.Of(
        $"{(arm.RealAssisted ? Tag("real-assisted") : Markup.None)}{(arm.TrainingImages is { } n ? Tag($"{Numbers.Count(n)} images") : Markup.None)}");

    private static Markup Tag(string text) => Markup.Of($"""<span class="tag">{text}</span>""");

    private static Markup MajorityRow(ReportModel model) => Markup.Of($"""
        <tr class="elsewhere"><th scope="row">nothing: always “<bdi>{model.Majority.Class}</bdi>”<span class="why">the most frequent class of the test set</span></th>
        <td class="n">{Numbers.None}</td><td class="n">{Value.Share("majority/accuracy", model.Majority.Accuracy)}</td><td colspan="4"></td></tr>

        """);

    private static Markup ReferenceRow(ReferenceRow row) => Markup.Of($"""
        <tr class="elsewhere"><th scope="row"><bdi>{row.Name}</bdi><span class="why">printed elsewhere: {row.Note}</span></th><td class="n">{Numbers.None}</td>
        {new[] { row.Accuracy, row.F1, row.Auroc, row.Precision, row.Recall }.Select(v => Markup.Of($"<td class=\"n\">{Numbers.Share(v)}</td>"))}</tr>

        """);

    private static Markup Dots(ReportModel model, IReadOnlyList<LineStyle> styles) => DotChart.Draw(
        "Accuracy of each arm on real test images", "accuracy",
        [.. model.Arms.Select((a, i) => new DotRow(a.Arm.Name, a[Measure.Accuracy].Seeds.Mean, a[Measure.Accuracy].Interval,
            [.. a.PerSeed.Select(s => s[Measure.Accuracy])], styles[i]))],
        ("always the most frequent class", model.Majority.Accuracy));

    private static Markup Comparisons(ReportModel model) => model.Comparisons.Count == 0 ? Markup.None : Markup.Of($"""
        <div class="wide" tabindex="0" role="region" aria-label="Differences to the real arm"><table>
        <caption>Accuracy minus that of “<bdi>{model.Comparisons[0].Reference}</bdi>”</caption>
        <thead><tr><th scope="col">Trained on</th><th scope="col" class="n">Difference</th><th scope="col" class="n">p</th></tr></thead>
        <tbody>{model.Comparisons.Select(Comparison)}</tbody></table></div>
        <p class="note">On the same test images. p: exact McNemar test per seed, corrected by Holm over all tests of this report; the
        largest of the seeds is shown.</p>
        """);

    private static Markup Comparison(ArmComparison c, int i) => Markup.Of($"""
        <tr><th scope="row"><bdi>{c.Arm}</bdi></th>
        <td class="n">{Value.Signed($"comparison/{i}/difference", c.Difference)}<span class="sub">{Value.SignedInterval($"comparison/{i}", c.Interval)}</span></td>
        <td class="n">{(c.Pairs.Count == 0 ? Markup.Of($"{Numbers.None}") : Value.PValue($"comparison/{i}/p_holm", c.Pairs.Max(p => p.AdjustedP)))}</td></tr>

        """);

    private static Markup NotRun(StudyResult study) => study.NotRun.Count == 0 ? Markup.None : Markup.Of($"""
        <h3>Not run</h3><ul>{study.NotRun.Select(n => Markup.Of($"<li><bdi>{n.Name}</bdi>: {n.Reason}</li>"))}</ul>
        """);
}
