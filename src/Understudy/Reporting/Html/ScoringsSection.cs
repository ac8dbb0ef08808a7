using Understudy.Evaluation.Utility;

namespace Understudy.Reporting.Html;

/// <summary>The same tests scored in other ways: one readable table for each, then every run under every scoring.</summary>
internal static class ScoringsSection
{
    /// <summary>Of the plain scoring.</summary>
    private const string Full = "the full test set";

    public static Markup Of(ReportModel model) => model.Scorings.Count == 0 ? Markup.None : Markup.Of($"""
        <section><h2>The same tests, scored another way</h2>
        <p>Nothing was trained or predicted anew: the same predictions, other test images or other labels.</p>
        {model.Scorings.Select((s, i) => One(model, s, $"scoring/{i}"))}
        {MistakesSection.Folded("Every run under every scoring", Runs(model))}
        </section>
        """);

    private static Markup One(ReportModel model, RescoredTest s, string key) => Markup.Of($"""
        <h3>Scored {s.How.Name}</h3>
        <p>{s.How.Description} {Value.Count(key + "/images", s.Scores.Images)} images count{LeftOut(s)}{Relabelled(s, key)}.</p>
        {Table.Of($"Scored {s.How.Name}", Markup.Of($"Scores by {(ClassifierRows.Differ(model.Study.Arms) ? "classifier" : "training set")}, {s.How.Name}"),
            [Table.Head(model.RowsAre), .. Table.NumberHeads("Accuracy", "NLL", "F1", "AUROC", "Precision", "Recall", Minus(model))],
            [.. s.Scores.Arms.Select((a, i) => Row(s.Scores, a, $"{key}/arm/{i}")), Majority(s.Scores.Majority, key)])}
        """);

    private static string Minus(ReportModel model) =>
        model.Test.ComparesClassifiers ? $"Accuracy minus {model.Arms[0].Arm.Name}" : "Accuracy minus real";

    private static Markup LeftOut(RescoredTest s) => s.LeftOut.Count == 0 ? Markup.Of($"; none is left out")
        : Markup.Of($"; left out: {string.Join(", ", s.LeftOut.Select(r => $"{r.Reason} ({Numbers.Count(r.Images)})"))}");

    private static Markup Relabelled(RescoredTest s, string key) => s.How.Labels is null ? Markup.None
        : Markup.Of($"; of those that count, {Value.Count(key + "/relabelled", s.Relabelled)} have another label than their own");

    private static IEnumerable<Markup> Row(TestScores scores, ArmScores arm, string key)
    {
        var difference = scores.Comparisons.FirstOrDefault(c => c.Arm == arm.Arm.Name
            && (scores.ComparesClassifiers || scores.Arms.Any(a => a.Arm.Name == c.Reference && a.Arm.Kind == ArmKind.Real)));
        return
        [
            Table.RowHead(arm.Arm.Name),
            .. ResultsSection.MeasureCells(arm, key),
            Table.Number(difference is null ? Markup.Of($"{Numbers.None}") : Difference(difference, key + "/difference")),
        ];
    }

    private static Markup Difference(ArmComparison c, string key) =>
        Markup.Of($"""{Value.Signed(key, c.Difference)}<span class="sub">{Value.SignedInterval(key, c.Interval)}</span>""");

    private static IEnumerable<Markup> Majority(MajorityBaseline majority, string key) =>
    [
        Markup.Of($"""<th scope="row" class="quiet">nothing: always “<bdi>{majority.Class}</bdi>”</th>"""),
        Table.Number(Value.Share(key + "/majority", majority.Accuracy)),
        Markup.Of($"<td colspan=\"6\"></td>"),
    ];

    private static Markup Runs(ReportModel model) => Table.Of(
        "Every run under every scoring", Markup.Of($"One row for each run and scoring; macro averages"),
        [Table.Head(model.RowsAre), Table.Head("Seed"), Table.Head("Scored"),
            .. Table.NumberHeads("Accuracy", "F1", "AUROC", "Precision", "Recall")],
        from i in Enumerable.Range(0, model.Arms.Count)
        from j in Enumerable.Range(0, model.Arms[i].PerSeed.Count)
        from s in model.Scorings.Index().Select(s => (s.Item.How.Name, s.Item.Scores, Key: $"scoring/{s.Index}"))
            .Prepend((Name: Full, Scores: model.Test, Key: "full"))
        select (IEnumerable<Markup>)
        [
            Table.RowHead(model.Arms[i].Arm.Name), Table.Text(Markup.Of($"{Numbers.Inv($"{model.Arms[i].Arm.Runs[j].Seed}")}")),
            Table.Text(Markup.Of($"{s.Name}")),
            .. from m in Enum.GetValues<Measure>()
               select Table.Number(Value.Share($"{s.Key}/arm/{i}/run/{j}/{SummaryJson.Key(m)}", s.Scores.Arms[i].PerSeed[j][m])),
        ]);
}
