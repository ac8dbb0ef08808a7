using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Training.Classification;

namespace Understudy.Studies.Doctor;

internal enum ArtefactKind { Images, SyntheticImages, Labels, Split, Generator, Selection, Classifier, Predictions, Unreadable }

/// <summary>What one file, folder or stage says of itself, as far as the doctor asks; null is what it does not say.</summary>
/// <param name="Name">For messages: the path it was given as, or the stage's name.</param>
internal sealed record Artefact(string Name, ArtefactKind Kind)
{
    /// <summary>Class names in label order; null too where it knows no classes.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Of the split it was made under; empty where it was made without one.</summary>
    public string? SplitHash { get; init; }

    /// <summary>Every image's role.</summary>
    public Split? Split { get; init; }

    /// <summary>Real images: their labels are the truth, and copies are looked for among them.</summary>
    public ImageSet? Images { get; init; }

    /// <summary>Class name by image id.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Fingerprint of the images a generator learned from.</summary>
    public string? Data { get; init; }

    /// <summary>The roles whose images a generator learned from.</summary>
    public IReadOnlyList<Role>? Roles { get; init; }

    /// <summary>Ids of the real images that it was trained on.</summary>
    public IReadOnlyCollection<string>? Trained { get; init; }

    /// <summary>Ids of the images that its best epoch was chosen on.</summary>
    public IReadOnlyCollection<string>? Chose { get; init; }

    /// <summary>What a classifier said of a test set.</summary>
    public PredictionTable? Predictions { get; init; }

    /// <summary>Whether labels were shuffled on purpose.</summary>
    public bool Shuffled { get; init; }

    /// <summary>Why it could not be read.</summary>
    public string? Trouble { get; init; }

    /// <summary>Which selection, classifier and predictions of a study belong together; null: with all that have none.</summary>
    public string? Run { get; init; }

    public static Artefact Of(string name, ImageSet images) =>
        new(name, ArtefactKind.Images) { Images = images, Classes = images.Classes };

    public static Artefact Of(string name, Split split) =>
        new(name, ArtefactKind.Split) { Split = split, SplitHash = split.Hash };

    public static Artefact Of(string name, PredictionTable predictions) =>
        new(name, ArtefactKind.Predictions) { Classes = predictions.Classes, Predictions = predictions };

    /// <summary>A generator, as its file's header has it.</summary>
    public static Artefact Of(string name, Training.GeneratorCard card) => new(name, ArtefactKind.Generator)
    {
        Classes = card.Options.LabelDim > 0 ? card.Classes : null,
        SplitHash = card.Split,
        Data = card.Data,
    };

    /// <summary>A classifier, as its file's header has it.</summary>
    public static Artefact Of(string name, ClassifierAbout about) =>
        new(name, ArtefactKind.Classifier) { Classes = about.Classes, SplitHash = about.SplitHash };

    /// <summary>A synthetic set, as its manifest has it.</summary>
    public static Artefact Of(string name, Synthesis.Manifest manifest) =>
        new(name, ArtefactKind.SyntheticImages) { Classes = manifest.Classes, SplitHash = manifest.Split };
}
