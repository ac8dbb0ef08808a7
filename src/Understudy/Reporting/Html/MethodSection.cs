namespace Understudy.Reporting.Html;

/// <summary>What was done, with what, how each number is defined, and what the numbers cannot say.</summary>
internal static class MethodSection
{
    private const int MostClassesOpen = 20;

    public static Markup Of(ReportModel model) => Markup.Of($"""
        <section><h2>Data</h2>
        <p>{model.Study.Data.Source}. Every image has one role; the split was made before anything was trained{SplitHash(model.Study.Data)}.</p>
        {MistakesSection.Folded("Images by class and role", Roles(model.Study), model.Study.Classes.Count > MostClassesOpen)}</section>
        <section><h2>Settings, seeds and times</h2>
        {Settings(model.Study.Settings)}
        {Runs(model)}
        {Times(model.Study)}
        {(model.Study.Environment.Count == 0 ? Markup.None : Markup.Of($"<h3>Machine and versions</h3>{Settings(model.Study.Environment)}"))}</section>
        <section><h2>How each number is defined</h2>{Definitions(model)}</section>
        <section><h2>What this report cannot say</h2><ul>{Limits(model).Select(l => Markup.Of($"<li>{l}</li>"))}</ul></section>
        """);

    private static Markup SplitHash(DataDescription data) => data.SplitHash is { } h ? Markup.Of($" (split <code>{h[..Math.Min(12, h.Length)]}</code>)") : Markup.None;

    private static Markup Roles(StudyResult study) => Markup.Of($"""
        <div class="wide" tabindex="0" role="region" aria-label="Images by class and role"><table>
        <caption>Real images.</caption>
        <thead><tr><th scope="col">Class</th>{study.Data.Roles.Select(r => Markup.Of($"<th scope=\"col\" class=\"n\">{r.Role}</th>"))}</tr></thead>
        <tbody>{study.Classes.Select((c, k) => Markup.Of($"<tr><th scope=\"row\"><bdi>{c}</bdi></th>{study.Data.Roles.Select(r => Markup.Of($"<td class=\"n\">{Numbers.Count(r.Counts[k])}</td>"))}</tr>"))}
        <tr><th scope="row">all</th>{study.Data.Roles.Select(r => Markup.Of($"<td class=\"n\">{Numbers.Count(r.Counts.Sum())}</td>"))}</tr></tbody></table></div>
        """);

    private static Markup Settings(IReadOnlyList<Setting> settings) => Markup.Join(settings
        .GroupBy(s => s.Group, StringComparer.Ordinal)
        .Select(g => Markup.Of($"<h3>{g.Key}</h3><dl class=\"cols\">{g.Select(s => Pair(s.Key, s.Value))}</dl>")));

    private static Markup Pair(string key, string value) => Markup.Of($"<div><dt>{key}</dt><dd>{value}</dd></div>");

    private static Markup Runs(ReportModel model) => Markup.Of($"""
        <details><summary>Every run, with its seed and its predictions</summary>
        <div class="wide" tabindex="0" role="region" aria-label="Every run"><table><caption>Accuracy of single seeds; study seeds: {string.Join(", ", model.Study.Seeds.Select(s => Numbers.Inv($"{s}")))}.</caption>
        <thead><tr><th scope="col">Trained on</th><th scope="col">Seed</th><th scope="col" class="n">Accuracy</th><th scope="col">Predictions</th></tr></thead>
        <tbody>{model.Arms.SelectMany((a, i) => a.Arm.Runs.Select((r, j) => Run(a, r, i, j)))}</tbody></table></div></details>
        """);

    private static Markup Run(ArmScores arm, ArmRun run, int i, int j) => Markup.Of($"""
        <tr><th scope="row"><bdi>{arm.Arm.Name}</bdi></th><td>{Numbers.Inv($"{run.Seed}")}</td>
        <td class="n">{Value.Share($"arm/{i}/run/{j}/accuracy", arm.PerSeed[j].Metrics.Accuracy)}</td><td><code>{run.PredictionsPath}</code></td></tr>

        """);

    private static Markup Times(StudyResult study) => study.Times.Count == 0 ? Markup.None : Markup.Of($"""
        <h3>Times</h3><dl class="cols">{study.Times.Select(t => Pair(t.Stage, Numbers.Duration(t.Seconds)))}{Pair("all stages", Numbers.Duration(study.Times.Sum(t => t.Seconds)))}</dl>
        """);

    private static Markup Definitions(ReportModel model) => Markup.Of($"""
        <dl class="words">
        <dt>Accuracy</dt><dd>The share of test images whose most probable class is the true one.</dd>
        <dt>Precision, recall, F1</dt><dd>Of a class: how many of the images taken for it are of it; how many of its images are taken for it; their harmonic mean.
        Macro: the plain mean over all classes. 0/0 counts as 0 and is named above. Weighted: by test images of the class.</dd>
        <dt>AUROC</dt><dd>The chance that an image of a class gets a higher probability for it than an image of another class (ties count half), one class
        against the rest, averaged over the classes the test set has. .5 is knowing nothing.</dd>
        <dt>NLL, ECE</dt><dd>Mean −ln of the probability given to the true class (floor {Numbers.Exact(Evaluation.Utility.Calibration.Floor)}); the gap between confidence and
        accuracy over {Evaluation.Utility.Calibration.Bins} bins of equal width. Lower is better.</dd>
        <dt>±</dt><dd>Sample standard deviation (n − 1) over seeds: what training again would change.</dd>
        <dt>[low, high]</dt><dd>{Numbers.Level(model.Bootstrap.Level)} percentile bootstrap of the mean over seeds, {Numbers.Count(model.Bootstrap.Replicates)} resamples of the test
        {(model.Study.TestClusters is null ? "images" : "images in clusters of duplicates or persons")} (seed {Numbers.Inv($"{model.Bootstrap.Seed}")}): what another test set would change. All arms meet the same resamples, so differences are paired.</dd>
        <dt>p</dt><dd>Exact McNemar test on the images that only one of two classifiers got right, per seed, corrected by Holm over all tests of this report.</dd>
        <dt>The verdict</dt><dd>By fixed rules: from {Numbers.Percent(Verdict.NearlyAll)} of what real images teach “nearly all”, from {Numbers.Percent(Verdict.Most)} “most”,
        from {Numbers.Percent(Verdict.Part)} “part”, below “little”; nothing, when the interval reaches down to the control (or, without one, to the most frequent class).
        It speaks of the first synthetic arm of the study file.</dd>
        </dl>
        """);

    private static IEnumerable<string> Limits(ReportModel model)
    {
        yield return "It says what the synthetic images are good for, not what they give away about the people in the real ones: that needs tests for copies and for membership, which are not part of this report.";
        yield return "It holds for this data, this classifier and these settings. Another classifier can rank the arms differently.";
        yield return "± and the interval answer different questions and do not add up: one repeats the training, the other the test. Neither repeats the training of the generator or the choice of the training images.";
        if (model.Arms.Any(a => a.PerSeed.Count is > 1 and < 5)) yield return "A standard deviation of so few seeds is itself known only within a factor of about two.";
        if (model.Study.References.Count > 0) yield return "Numbers printed elsewhere were made with other training, other averaging or other test images, as noted in their rows; they stand there for orientation.";
        if (model.Arms.Any(a => a.Arm.RealAssisted)) yield return "A real-assisted arm used a judge trained on real images: more than the synthetic images crossed the line.";
    }
}
