using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary>
/// Which images a classifier is tested on: those of the role test where a split is used, else all. What it has seen is no test.
/// </summary>
/// <param name="trainedUnder">Hash of the split that the classifier was trained under.</param>
/// <param name="asked">The split that the caller gave; null for the one beside the classifier, where that names these images.
/// </param>
internal sealed class TestedImages(string classifierFile, string trainedUnder, Split? asked, bool all, ProgressSink progress)
{
    private readonly Split? _split = all ? null : asked ?? ClassifierPath.SplitBeside(classifierFile);
    private bool _byRole;

    /// <summary>Says what is tested, and which of the listed images have to be read for it.</summary>
    /// <exception cref="OptionException">No test image, or one that the classifier has seen under another split.</exception>
    public Predicate<string> Choose(IReadOnlyList<string> ids)
    {
        _byRole = _split is not null && (asked is not null || ids.Any(_split.Contains));
        string[] tested = [.. ids.Where(id => !_byRole || (_split!.Contains(id) && _split[id] == Role.Test))];
        if (tested.Length == 0)
            throw new OptionException("the split gives none of these images the role test; give another --split, or --all");
        var seen = SeenImages.Find(Path.GetDirectoryName(Path.GetFullPath(classifierFile))!);
        var (trained, chose) = seen?.CountIn(tested) ?? (0, 0);
        if (_byRole)
        {
            RequireUnseen(seen is not null, trained + chose);
            if (trained + chose > 0)
            {
                progress.Say($"warning: {trained + chose} of them have ids that trained or chose the weights or the teacher of this classifier: "
                    + "where they are the same images, this is no test of it");
            }
            progress.Say($"testing the {tested.Length} images with the role test, of {ids.Count}");
            // One that the split does not name is read as well: only a file that is no image may be left without a role.
            return id => !_split!.Contains(id) || _split[id] == Role.Test;
        }
        progress.Say($"testing all {ids.Count} images");
        if (trained + chose > 0)
        {
            progress.Say($"warning: {trained} of them have ids that trained this classifier, {chose} ids that chose "
                + "its best epoch: where they are the same images, this is no test of it");
        }
        return _ => true;
    }

    /// <summary>The tested images of those that were read.</summary>
    /// <exception cref="InvalidDataException">The split does not name an image.</exception>
    public ImageSet Of(ImageSet read) => _byRole ? read.Subset(_split!.Indices(read, Role.Test)) : read;

    private void RequireUnseen(bool known, int seen)
    {
        if (_split!.Hash == trainedUnder || (known && seen == 0)) return;
        var what = known ? $"{seen} of its test images have ids that trained or chose the classifier"
            : "its test images may be among the training images";
        throw new OptionException($"{classifierFile}: was trained under the split {Start(trainedUnder)}, "
            + $"this one is {Start(_split.Hash)}: {what}; give the split of its training, or --all");
    }

    private static string Start(string hash) => hash[..Math.Min(8, hash.Length)];
}
