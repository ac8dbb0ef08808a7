using System.CommandLine;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary>
/// What the verbs that use a classifier share: which file is meant, which split stands beside it, what to warn of.
/// </summary>
internal static class ClassifierPath
{
    public const string SplitFile = Split.FileName;

    /// <summary>What the one set of images is called in selections.</summary>
    public const string Source = "data";

    public static Argument<string> Argument() =>
        new("CLASSIFIER") { Description = $"A training run's folder, or a {ClassifierTrainer.FileName}" };

    /// <exception cref="FileNotFoundException">No such file, or a folder whose training is not finished.</exception>
    public static string Resolve(string given)
    {
        const string wanted = $"give the folder of a classify train, or its {ClassifierTrainer.FileName}";
        var file = Directory.Exists(given) ? Path.Combine(given, ClassifierTrainer.FileName) : given;
        return File.Exists(file) ? file : throw new FileNotFoundException(Directory.Exists(given)
            ? File.Exists(Path.Combine(given, GeneratorFile.Name)) ? $"{given} is a generator's run; {wanted}"
            : $"{given} holds no {ClassifierTrainer.FileName}: no classifier was trained there to the end; "
                + "where one was begun, `understudy classify train` with the same options goes on"
            : $"{given}: there is no such file or folder; {wanted}");
    }

    /// <summary>Says it where a classifier's number format is slow on this processor.</summary>
    public static void WarnOfPrecision(TrainedClassifier classifier, ProgressSink progress)
    {
        if (classifier.About.Options.Precision.Warning() is { } slow) progress.Say($"warning: {slow}");
    }

    /// <summary>Before the training, since afterwards it is too late.</summary>
    /// <param name="what">What the training goes on from or learns from.</param>
    public static void WarnOfSeen(string what, SeenImages? seen, string[] tested, ProgressSink progress)
    {
        var (trained, chose) = seen?.CountIn(tested) ?? (0, 0);
        if (trained + chose == 0) return;
        progress.Say($"warning: {trained + chose} of the {tested.Length} test images have ids that trained or chose {what}: "
            + "where they are the same images, what comes of this training cannot be tested on them");
    }

    /// <summary>The split that was written beside a classifier when it was trained, or null.</summary>
    public static Split? SplitBeside(string classifierFile)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(classifierFile))!, SplitFile);
        return File.Exists(path) ? Split.Load(path) : null;
    }
}
