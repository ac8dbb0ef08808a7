using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary>A classifier whose answers another one learns in place of labels (distillation, arXiv 1503.02531).</summary>
internal sealed class Teacher
{
    private readonly string _file;
    private readonly ClassifierAbout _about;

    /// <param name="path">A run's folder, or its classifier.safetensors.</param>
    public Teacher(string path)
    {
        _file = ClassifierPath.Resolve(path);
        (_about, Seen) = (TrainedClassifier.ReadAbout(_file), new ClassifierStart(_file).Seen());
    }

    /// <summary>What it has seen, or null where nothing beside it says so.</summary>
    public SeenImages? Seen { get; }

    /// <summary>The side and the channels of the images it is asked about.</summary>
    public (int Side, int Channels) Takes => (_about.Options.Size, _about.Channels);

    /// <summary>
    /// Its answers for some images of a set; those that the run's folder holds already, where the run is taken up again.
    /// </summary>
    /// <param name="ids">Of the images to teach.</param>
    /// <param name="set">Gives the images as they are to be shown to it.</param>
    /// <exception cref="OptionException">It tells other classes, or the folder holds another's answers or none.</exception>
    public Selection Answers(IReadOnlyList<string> ids, ClassNames classes, Func<ImageSet> set, string folder,
        ProgressSink progress, CancellationToken cancel)
    {
        const string remedy = "go on with the same command, or start a new run in another folder with --out";
        var (path, reason) = (Path.Combine(folder, ClassifierTrainer.TaughtName), $"taught by {Fingerprint.OfFile(_file)[..12]}");
        if (File.Exists(path))
        {
            var there = Selection.Load(path, classes);
            if (!there.Rows.All(r => r.Reason == reason))
                throw new OptionException($"--teacher: {path} holds the answers of another teacher than {_file}; {remedy}");
            return there.Rows.Select(r => r.Id).SequenceEqual(ids) ? there
                : throw new OptionException($"--teacher: {path} holds answers to other images than are to be taught; {remedy}");
        }
        // A run that was killed before its first checkpoint may lack them, and loses nothing by asking again.
        if (Directory.Exists(Path.Combine(folder, RunDirectory.CheckpointsName)))
            throw new OptionException($"--teacher: {folder} holds a run that was begun without a teacher; {remedy}");
        using var classifier = TrainedClassifier.Load(_file);
        ClassifierPath.WarnOfPrecision(classifier, progress);
        var all = set();
        var shown = all.Subset([.. ids.Select(all.IndexOf)]);
        return Of(ClassifierPredictor.Predict(classifier, _file, shown, progress, cancel), classes, reason);
    }

    /// <summary>Predictions as what is taught.</summary>
    public static Selection Of(Predictions p, ClassNames classes, string reason) => new(classes, [.. p.Ids.Select((id, i) =>
        new SelectedImage(ClassifierPath.Source, id, p.Labels[i], Reason: reason,
            Soft: [.. classes.Select((_, k) => p.Probabilities[i, k])]))]);

    /// <summary>Says it where it has seen what is to test or to choose the one that learns from it.</summary>
    public void WarnOfSeen(string[] tested, IReadOnlyList<string> validation, ProgressSink progress)
    {
        ClassifierPath.WarnOfSeen($"the teacher {_file}", Seen, tested, progress);
        if (Seen?.CountIn(validation).Trained is > 0 and var known)
        {
            progress.Say($"warning: {known} of the {validation.Count} validation images have ids that trained the teacher "
                + $"{_file}: they choose the epoch too kindly; train both by one split");
        }
    }
}
