using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary>A classifier whose answers another one learns in place of labels (distillation, arXiv 1503.02531).</summary>
/// <param name="File">Its classifier.safetensors.</param>
internal sealed record Teacher(string File)
{
    /// <summary>
    /// Its answers, in the folder of the run that learns them: a run that is taken up again is taught the same.
    /// </summary>
    public const string FileName = "taught.csv";

    /// <summary>What it has seen, or null where nothing beside it says so.</summary>
    public SeenImages? Seen => new ClassifierStart(File).Seen();

    /// <summary>Its answers for some images of a set; those that the run's folder holds already, if they are its own.</summary>
    /// <exception cref="OptionException">It tells other classes or takes other channels, or the folder's are another's.</exception>
    public Selection Answers(ImageSet set, IReadOnlyList<int> images, string folder, ProgressSink progress,
        CancellationToken cancel)
    {
        var (path, reason) = (Path.Combine(folder, FileName), $"taught by {Fingerprint.OfFile(File)[..12]}");
        if (System.IO.File.Exists(path))
        {
            var there = Selection.Load(path, set.Classes);
            return there.Rows.All(r => r.Reason == reason) ? there : throw new OptionException(
                $"--teacher: {path} holds the answers of another teacher than {File}; go on with that one, or start a new run in "
                + "another folder with --out");
        }
        using var classifier = TrainedClassifier.Load(File);
        ClassifierPath.WarnOfPrecision(classifier, progress);
        return Of(ClassifierPredictor.Predict(classifier, File, set.Subset([.. images]), progress, cancel), set.Classes, reason);
    }

    /// <summary>Predictions as what is taught.</summary>
    public static Selection Of(Predictions p, ClassNames classes, string reason) => new(classes, [.. p.Ids.Select((id, i) =>
        new SelectedImage(ClassifierPath.Source, id, p.Labels[i], Reason: reason,
            Soft: [.. classes.Select((_, k) => p.Probabilities[i, k])]))]);
}
