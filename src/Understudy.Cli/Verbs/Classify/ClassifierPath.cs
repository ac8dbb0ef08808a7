using System.CommandLine;
using Understudy.Data;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary>What the verbs that use a classifier share: which file is meant, and which split stands beside it.</summary>
internal static class ClassifierPath
{
    public const string SplitFile = "split.csv";

    public static Argument<string> Argument() =>
        new("CLASSIFIER") { Description = $"A training run's folder, or a {ClassifierTrainer.FileName}" };

    public static Option<Crop> Crop() => new("--crop")
    {
        Description = "What to do with images that are not square: none (an error), center or pad",
        DefaultValueFactory = _ => Data.Crop.None,
    };

    public static Option<bool> SkipBad() => new("--skip-bad") { Description = "Leave out, and list, images that cannot be read" };

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

    /// <summary>The split that was written beside a classifier when it was trained, or null.</summary>
    public static Split? SplitBeside(string classifierFile)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(classifierFile))!, SplitFile);
        return File.Exists(path) ? Split.Load(path) : null;
    }
}
