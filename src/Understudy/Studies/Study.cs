using Understudy.Data;
using Understudy.Networks.StyleGan2;
using Understudy.Reporting;
using Understudy.Synthesis;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Studies;

/// <summary>
/// A question and what is done to answer it: which images, in which roles, which generators learn them, which sets they draw,
/// which arms of training images are compared, by which classifiers, with how many seeds. Read by <see cref="StudyFile"/>,
/// resolved.
/// </summary>
internal sealed record Study(
    string Name,
    string Question,
    DataSpec Data,
    SplitSpec Split,
    IReadOnlyList<GeneratorSpec> Generators,
    IReadOnlyList<SetSpec> Sets,
    IReadOnlyList<ArmSpec> Arms,
    IReadOnlyList<ClassifierSpec> Classifiers,
    IReadOnlyList<int> Seeds,
    Role Test,
    ScoringSpec Scoring,
    IReadOnlyList<ReferenceRow> References);

/// <summary>The real images: drawn ones, or a path and how it is read.</summary>
internal sealed record DataSpec(ToyFacesOptions? Toy, string? Path, ImageReading Reading);

/// <param name="KeepCopiesTogether">Copies and near copies of one picture get one role, as far as the set's own parts leave them
/// free.</param>
internal sealed record SplitSpec(SplitOptions Shares, bool KeepCopiesTogether);

/// <summary>How tests are scored besides the plain way. All of it is computed from the same predictions.</summary>
/// <param name="Deduplicated">Also without the test images that are copies of images in any other role; intervals then resample
/// clusters of copies.</param>
/// <param name="Threshold">The correlation from which two images are copies.</param>
/// <param name="Ferplus">A CSV of FER+ votes: also under the labels that voters gave.</param>
/// <param name="Votes">How many votes make a label.</param>
internal sealed record ScoringSpec(
    bool Deduplicated = false, double Threshold = Duplicates.DefaultThreshold, string? Ferplus = null,
    VoteRule Votes = VoteRule.Majority)
{
    /// <summary>Whether the study asks for FER+ labels: with no file given, its report says that this was not done.</summary>
    public bool WantsFerplus { get; init; }

    public void Validate() => Common.OptionException.RequireRange("threshold", Threshold, .5, 1);
}

/// <param name="Resolution">Pixels a side of what it learns and draws; the images are resized to it. Null: the data's own
/// size.</param>
/// <param name="TrainOn">The roles whose images it sees.</param>
/// <param name="Seed">Which of its possible trainings: equal generators with other seeds differ.</param>
/// <param name="From">Whose networks it starts from: a generator before it, or a path; null for random ones.</param>
/// <param name="Judge">A classifier of the study: trained on the judge part of the real images, it measures the generator's
/// snapshots; null for none.</param>
internal sealed record GeneratorSpec(string Name, int? Resolution, IReadOnlyList<Role> TrainOn, int Seed,
    GanTrainingOptions Options,
    string? From = null, string? Judge = null);

/// <summary>A synthetic set: drawn by a generator of the study, or given as a path.</summary>
/// <param name="Count">Images, spread evenly over the classes.</param>
/// <param name="Psi">Truncation ψ; 1 leaves the generator's whole variety.</param>
/// <param name="PerSeed">Whether every seed of the study has a draw of its own.</param>
/// <param name="Seed">Another seed, other images of the same generator.</param>
/// <param name="Size">Pixels a side to which classifiers' training resizes it first; null: as drawn.</param>
/// <param name="Center">Where truncation's ψ 0 lies: the mean of all, or of each class.</param>
/// <param name="Snapshot">Of which moment of its training the generator is.</param>
internal sealed record SetSpec(string Name, string? Generator = null, string? Path = null, int Count = 0, double Psi = 1,
    NoiseMode Noise = NoiseMode.Random, bool PerSeed = false, int Seed = 0, int? Size = null, Center Center = Center.Global,
    Snapshot Snapshot = Snapshot.Last)
{
    public SamplingOptions Sampling => new() { Psi = Psi, Center = Center, Noise = Noise };

    public void Validate()
    {
        Sampling.Validate();
        Common.OptionException.RequireRange("seed", Seed, 0, int.MaxValue);
        if (Size is { } side) Common.OptionException.RequireRange("size", side, 8, 1024);
    }
}

internal enum Snapshot
{
    /// <summary>After all of its kimg.</summary>
    Last,

    /// <summary>That of the least Fréchet distance, by the run's own meter.</summary>
    Best,
}

/// <summary>What a classifier is trained on.</summary>
/// <param name="Against">An arm it is compared with, besides the real one.</param>
internal sealed record ArmSpec(string Name, IReadOnlyList<TrainingPart> TrainOn, LabelOrigin Labels, string? Description,
    string? Against)
{
    public bool UsesReal => TrainOn.Any(p => p.Set == TrainingPart.Real);

    public bool UsesSynthetic => TrainOn.Any(p => p.Set != TrainingPart.Real);
}

/// <param name="Set">"real", or the name of a set.</param>
/// <param name="Fraction">The share of its images taken, the same in every class.</param>
/// <param name="Role">For real images: which ones.</param>
internal sealed record TrainingPart(string Set, double Fraction = 1, Role Role = Role.Generator)
{
    public const string Real = "real";

    public void Validate() => Common.OptionException.RequireRange("fraction", Fraction, 1e-6, 1);
}

internal enum LabelOrigin
{
    /// <summary>Each image's own.</summary>
    Own,

    /// <summary>
    /// A control: the labels are permuted among the images, so that nothing can be learned but the class counts.
    /// </summary>
    Shuffled,
}

/// <param name="Arms">The arms it is trained on; all where null.</param>
/// <param name="Seeds">In place of the study's.</param>
/// <param name="Start">Weights learnt elsewhere to go on from; null for random ones.</param>
internal sealed record ClassifierSpec(string Name, ClassifierOptions Options, IReadOnlyList<string>? Arms,
    IReadOnlyList<int>? Seeds, ClassifierStart? Start = null);
