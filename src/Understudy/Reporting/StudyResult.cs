using Understudy.Evaluation;

namespace Understudy.Reporting;

/// <summary>
/// What a finished study hands to the report: plain records, filled from the stages' files. Nothing here is computed from
/// predictions; that is <see cref="ReportModel"/>'s work, so that every number of a report can be traced to a predictions.csv.
/// </summary>
public sealed record StudyResult
{
    /// <summary>The study's name, as in its file.</summary>
    public required string Name { get; init; }

    /// <summary>What the study asks, in one sentence.</summary>
    public required string Question { get; init; }

    /// <summary>Class names in label order. Untrusted text: escaped wherever it is printed.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    public required ReportedData Data { get; init; }

    /// <summary>
    /// In the order of the table. The first of kind <see cref="ArmKind.Real"/> of each classifier is what its other arms are
    /// compared with; the verdict speaks of the first real arm and the first of kind <see cref="ArmKind.Synthetic"/> with the
    /// same classifier. Where the rows are classifiers alone (<see cref="TestScores.ComparesClassifiers"/>), the first is what
    /// all others are compared with.
    /// </summary>
    public required IReadOnlyList<ArmResult> Arms { get; init; }

    public IReadOnlyList<GeneratorResult> Generators { get; init; } = [];

    /// <summary>Other ways to score the same tests, beside the plain one.</summary>
    public IReadOnlyList<Rescoring> Scorings { get; init; } = [];

    /// <summary>Numbers printed elsewhere, to stand beside ours.</summary>
    public IReadOnlyList<ReferenceRow> References { get; init; } = [];

    /// <summary>Resolved options worth reading, grouped by <see cref="Setting.Group"/>.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>Seeds of the study, as <c>--seed</c> and the arms use them.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [];

    /// <summary>What went otherwise than planned, in whole sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Arms or steps of the plan that were not run, with the reason.</summary>
    public IReadOnlyList<NotRun> NotRun { get; init; } = [];

    /// <summary>Test images that are resampled together (duplicates, one person): image id → cluster.</summary>
    public IReadOnlyDictionary<string, string>? TestClusters { get; init; }

    /// <summary>Time each stage took. Goes to times.json and the report, never into summary.json.</summary>
    public IReadOnlyList<StageTime> Times { get; init; } = [];

    /// <summary>Versions, threads, processor. Beside the times: it may differ between two sittings.</summary>
    public IReadOnlyList<Setting> Environment { get; init; } = [];
}

/// <summary>Where the images come from and how many play which role.</summary>
/// <param name="Source">In words: "drawn faces (toy), 48×48 grey".</param>
/// <param name="Roles">Role name → images of each class, in class order: "generator", "validation", "test".</param>
public sealed record ReportedData(string Source, IReadOnlyList<RoleCounts> Roles)
{
    /// <summary>Hash of the split: every artefact of the study carries it.</summary>
    public string? SplitHash { get; init; }

    /// <summary>The part the numbers were measured on, in words: "PublicTest", "the test part of the split".</summary>
    public string TestSet { get; init; } = "the test part of the split";
}

/// <param name="Counts">Images of each class, in class order.</param>
public sealed record RoleCounts(string Role, IReadOnlyList<int> Counts);

/// <summary>What a classifier of an arm was trained on.</summary>
public enum ArmKind
{
    /// <summary>Real images only: what a stand-in is measured by.</summary>
    Real,
    /// <summary>Synthetic images only.</summary>
    Synthetic,
    /// <summary>Real and synthetic images.</summary>
    Mixed,
    /// <summary>A control that must know nothing, such as shuffled labels.</summary>
    Control,
}

/// <summary>One row of the table: a classifier, trained on some images.</summary>
/// <param name="Description">What it was trained on, in words.</param>
/// <param name="Runs">One per seed, all tested on the same images.</param>
public sealed record ArmResult(string Name, string Description, ArmKind Kind, IReadOnlyList<ArmRun> Runs)
{
    /// <summary>
    /// A judge or teacher trained on real data had a part in it, so its images are not all that crossed the line.
    /// </summary>
    public bool RealAssisted { get; init; }

    /// <summary>The classifier, where a study has several: only arms of one classifier are compared.</summary>
    public string? Classifier { get; init; }

    /// <summary>
    /// Names the training images: rows with the same name here differ in their classifier alone. Null: nobody knows.
    /// </summary>
    public string? TrainedOn { get; init; }

    /// <summary>
    /// What its classifier does otherwise than the study's first one, in words; empty for the first, null where that is not the
    /// question.
    /// </summary>
    public string? Differs { get; init; }

    /// <summary>Name of another arm that it is compared with, besides the real one; null for none.</summary>
    public string? Against { get; init; }

    /// <summary>Images in the training set; null when not known.</summary>
    public int? TrainingImages { get; init; }
}

/// <param name="PredictionsPath">Relative to the report, with forward slashes: what the numbers can be recomputed from.</param>
/// <param name="Predictions">The test's output.</param>
/// <param name="Curve">One point per epoch, possibly none.</param>
public sealed record ArmRun(ulong Seed, string PredictionsPath, Predictions Predictions, IReadOnlyList<EpochPoint> Curve);

/// <param name="TrainLoss">Mean loss of the epoch, nats.</param>
/// <param name="ValidationAccuracy">In [0, 1].</param>
public sealed record EpochPoint(int Epoch, double TrainLoss, double ValidationAccuracy);

/// <summary>A trained generator: its curves and what it draws.</summary>
public sealed record GeneratorResult(string Name, string Description)
{
    /// <summary>Losses over thousands of images shown (kimg), in one chart.</summary>
    public IReadOnlyList<CurveSeries> Losses { get; init; } = [];

    /// <summary>What the names of a judge's measures begin with.</summary>
    internal const string JudgeName = "judge's ";

    /// <summary>Quality measures over kimg, each in a chart of its own.</summary>
    public IReadOnlyList<CurveSeries> Quality { get; init; } = [];

    /// <summary>A strip of generated images per class.</summary>
    public IReadOnlyList<ClassSheet> Sheets { get; init; } = [];

    /// <summary>A strip of true images per class, shown beside. Only for images that are nobody's face: drawn ones.</summary>
    public IReadOnlyList<ClassSheet> TrueSheets { get; init; } = [];
}

/// <summary>A curve; points with a value that is not a number are left out of the drawing.</summary>
public sealed record CurveSeries(string Name, IReadOnlyList<CurvePoint> Points);

public readonly record struct CurvePoint(double X, double Y);

/// <param name="Class">The class name; order decides the order in the report.</param>
/// <param name="Png">A PNG file's bytes.</param>
/// <param name="Images">How many images the strip shows.</param>
public sealed record ClassSheet(string Class, byte[] Png, int Images);

/// <summary>How numbers of single classes became one.</summary>
public enum Averaging
{
    /// <summary>The plain mean over classes.</summary>
    Macro,
    /// <summary>The mean weighted by the test images of each class.</summary>
    Weighted,
}

/// <summary>Numbers printed elsewhere. A null was not printed there.</summary>
/// <param name="Note">What else must be known beside the numbers: the test set, the training.</param>
/// <param name="Source">Where they are printed.</param>
public sealed record ReferenceRow(
    string Name, double? Accuracy = null, double? F1 = null, double? Auroc = null, double? Precision = null,
    double? Recall = null,
    Averaging Average = Averaging.Macro, string Note = "", string Source = "")
{
    /// <summary>"weighted averages, both test parts; the proposal".</summary>
    internal string About =>
        $"{(Average == Averaging.Macro ? "macro" : "weighted")} "
        + $"averages{(Note == "" ? "" : $", {Note}")}{(Source == "" ? "" : $"; {Source}")}";
}

public sealed record Setting(string Group, string Key, string Value);

public sealed record NotRun(string Name, string Reason);

/// <param name="Seconds">Wall-clock, over all sittings.</param>
public sealed record StageTime(string Stage, double Seconds);
