namespace Understudy.Reporting.Html;

/// <summary>What was done, and with what: data, settings, seeds, times.</summary>
internal static class MethodSection
{
    /// <summary>A study of many parts has each of them folded, and a long list of stages too.</summary>
    private const int MostGroupsOpen = 12, MostTimesOpen = 40;

    public static Markup Of(ReportModel model) => Markup.Of($"""
        <section><h2>Data</h2>
        <p>{model.Study.Data.Source}. Every image has one role; the split was made before anything was trained{SplitHash(model.Study.Data)}.</p>
        {MistakesSection.ByClass("Images by class and role", Roles(model.Study), model.Study.Classes.Count)}</section>
        <section><h2>Settings, seeds and times</h2>
        {Settings(model.Study.Settings)}
        {MistakesSection.Folded("Every run, with its seed and its predictions", Runs(model))}
        {Times(model.Study)}
        {Settings(model.Study.Environment)}</section>
        """);

    private static Markup SplitHash(ReportedData data) => data.SplitHash is { } hash
        ? Markup.Of($" (split <code>{hash[..Math.Min(12, hash.Length)]}</code>)") : Markup.None;

    private static Markup Roles(StudyResult study) => Table.Of("Images by class and role", Markup.Of($"Real images"),
        [Table.Head("Class"), .. study.Data.Roles.Select(r => Table.NumberHead(r.Role))],
        study.Classes.Select((c, k) => Row(c, study, r => r.Counts[k])).Append(Row("all", study, r => r.Counts.Sum())));

    private static IEnumerable<Markup> Row(string name, StudyResult study, Func<RoleCounts, long> count) =>
        [Table.RowHead(name), .. study.Data.Roles.Select(r => Table.Number(Numbers.Count(count(r))))];

    private static Markup Settings(IReadOnlyList<Setting> settings)
    {
        var groups = settings.GroupBy(s => s.Group, StringComparer.Ordinal).ToArray();
        return Markup.Join(
            groups.Select(g => Block(g.Key, g.Select(s => Pair(s.Key, s.Value)), fold: groups.Length > MostGroupsOpen)));
    }

    private static Markup Block(string title, IEnumerable<Markup> pairs, bool fold)
    {
        var list = Markup.Of($"<dl class=\"cols\">{pairs}</dl>");
        return fold ? MistakesSection.Folded(title, list) : Markup.Of($"<h3>{title}</h3>{list}");
    }

    private static Markup Pair(string key, string value) => Markup.Of($"<div><dt>{key}</dt><dd>{value}</dd></div>");

    private static Markup Runs(ReportModel model) => Table.Of(
        "Every run", Markup.Of($"Study seeds: {string.Join(", ", model.Study.Seeds.Select(s => Numbers.Inv($"{s}")))}"),
        [Table.Head(model.RowsAre), Table.Head("Seed"), Table.NumberHead("Accuracy"), Table.Head("Predictions")],
        model.Arms.SelectMany((a, i) => a.Arm.Runs.Select((r, j) => (IEnumerable<Markup>)
        [
            Table.RowHead(a.Arm.Name), Table.Text(Markup.Of($"{Numbers.Inv($"{r.Seed}")}")),
            Table.Number(Value.Share($"arm/{i}/run/{j}/accuracy", a.PerSeed[j].Metrics.Accuracy)),
            Table.Text(Markup.Of($"<code>{r.PredictionsPath}</code>")),
        ])));

    private static Markup Times(StudyResult study)
    {
        if (study.Times.Count == 0) return Markup.None;
        var all = Numbers.Duration(study.Times.Sum(t => t.Seconds));
        var fold = study.Times.Count > MostTimesOpen;
        return Block(fold ? $"Times: {study.Times.Count} stages, {all}" : "Times",
            study.Times.Select(t => Pair(t.Stage, Numbers.Duration(t.Seconds))).Append(Pair("all stages", all)), fold);
    }
}
