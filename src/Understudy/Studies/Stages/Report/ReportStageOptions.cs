using Understudy.Common;
using Understudy.Data;
using Understudy.Reporting;
using Understudy.Training;

namespace Understudy.Studies.Stages;

/// <summary>What the report says of a study that no stage's file says.</summary>
internal sealed record ReportStageOptions(string Name, string Question, ulong RootSeed, Role Test, IReadOnlyList<int> Seeds,
    IReadOnlyList<ReportArm> Arms,
    IReadOnlyList<ReportGenerator> Generators, ScoringSpec Scoring, IReadOnlyList<ReferenceRow> References,
    IReadOnlyList<Setting> Settings)
{
    public static ReportStageOptions Of(Study study, ulong rootSeed, IReadOnlyList<ReportRun> runs) =>
        new(study.Name, study.Question, rootSeed, study.Test, study.Seeds,
        [.. from c in study.Classifiers
            from a in study.Arms
            let own = runs.Where(r => r.Arm == a.Name && r.Classifier == c.Name).ToList()
            where own.Count > 0
            select new ReportArm(NameOf(study, a.Name, c), c.Name, a.Description ?? Describe(a), Kind(a),
                a.Against is { } other ? NameOf(study, other, c) : null, own,
                study is { Arms.Count: 1, Classifiers.Count: > 1 } ? ReportDifferences.Of(study.Classifiers[0], c) : null,
                IsRealAssisted(study, a))],
        [.. study.Generators.Select(g => new ReportGenerator(g.Name, Describe(g),
            study.Sets.FirstOrDefault(s =>
                s.Generator == g.Name && study.Arms.Any(a => a.TrainOn.Any(p => p.Set == s.Name)))?.Name))],
        study.Scoring with { Ferplus = Path.GetFileName(study.Scoring.Ferplus) }, study.References,
            ReportSettings.Of(study, rootSeed));

    private static string NameOf(Study study, string arm, ClassifierSpec classifier) => study switch
    {
        { Classifiers.Count: 1 } => arm,
        { Arms.Count: 1 } => classifier.Name,
        _ => $"{arm}, {classifier.Name}",
    };

    /// <summary>
    /// Whether a judge that learned real images chose what it is taught: the moment at which its generator is best.
    /// </summary>
    private static bool IsRealAssisted(Study study, ArmSpec arm) =>
        study.Sets.Any(s => s is { Snapshot: Snapshot.Best, Generator: { } generator }
        && arm.TrainOn.Any(p => p.Set == s.Name) && study.Generators.Any(g => g.Name == generator && g.Judge is not null));

    private static ArmKind Kind(ArmSpec arm) => arm.Labels == LabelOrigin.Shuffled ? ArmKind.Control
        : arm is { UsesReal: true, UsesSynthetic: true } ? ArmKind.Mixed : arm.UsesReal ? ArmKind.Real : ArmKind.Synthetic;

    private static string Describe(GeneratorSpec g) => FormattableString.Invariant(
            $"{(g.Options.Condition == Condition.None ? "unconditional" : "conditional")} StyleGAN2, {(g.Resolution is { } r ? $"{r}×{r}" : "the data's size")}, ")
        + FormattableString.Invariant(
            $"{g.Options.Kimg:0.###} kimg, trained on: {string.Join(", ", g.TrainOn.Select(r => r.Word()))}")
        + (g.Judge is { } judge ? $", judged by {judge}" : "")
        + (g.From is { } start ? $", from {Path.GetFileName(start.TrimEnd('/', '\\'))}" : "");

    private static string Describe(ArmSpec arm) => string.Join(" and ", arm.TrainOn.Select(p => FormattableString.Invariant(
        $"{(p.Fraction < 1 ? $"{100 * p.Fraction:0.##} % of " : "")}{(p.Set == TrainingPart.Real ? "the real training images" : $"the set '{p.Set}'")}")))
        + (arm.Labels == LabelOrigin.Shuffled ? ", labels shuffled among them (a control: nothing can be learned)" : "");
}

/// <param name="Differs">What its classifier does otherwise than the first, where the study has one arm and several
/// classifiers.</param>
/// <param name="RealAssisted"><see cref="ArmResult.RealAssisted"/>.</param>
internal sealed record ReportArm(string Name, string Classifier, string Description, ArmKind Kind, string? Against,
    IReadOnlyList<ReportRun> Runs,
    string? Differs = null, bool RealAssisted = false);

/// <summary>One classifier of one arm and seed; the report stage's inputs are named by it.</summary>
internal sealed record ReportRun(string Arm, string Classifier, int Seed)
{
    public string Key => $"{Arm}/{Classifier}/{Seed}";
}

/// <param name="Set">A set it drew, to be shown.</param>
internal sealed record ReportGenerator(string Name, string Description, string? Set);
