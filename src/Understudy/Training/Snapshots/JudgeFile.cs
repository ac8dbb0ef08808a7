using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Training.Classification;

namespace Understudy.Training;

/// <summary>
/// The judge of a run on the disk: a copy of a classifier's file in the run's folder, known by the SHA-256 of its bytes.
/// </summary>
internal static class JudgeFile
{
    /// <summary>Its name in the run's folder.</summary>
    public const string Name = "judge.safetensors";

    /// <summary>Refuses what cannot judge a set's images. Reads the header alone.</summary>
    /// <exception cref="InvalidDataException">No classifier's file.</exception>
    /// <exception cref="OptionException">Of other classes or channels, or without a last layer to look into.</exception>
    public static void Require(string path, ImageSet set)
    {
        var about = TrainedClassifier.ReadAbout(path);
        if (!about.Classes.Equals(set.Classes))
            throw new OptionException($"judge: {path} tells the classes [{about.Classes}], the images have [{set.Classes}]; "
                + "names and order must be the same");
        if (about.Channels != set.Shape.Channels)
        {
            throw new OptionException($"judge: {path} takes images of {about.Channels} channels, these have "
                + $"{set.Shape.Channels}; "
                + $"read them with --channels {about.Channels}, or train the judge on such images");
        }
        if (!ClassifierNet.EndsInLinear(about.Options.Arch))
            throw new OptionException($"judge: {path}: {about.Options.Arch} has no linear last layer whose input could be "
                + "measured in; train one of another --arch");
    }

    /// <summary>
    /// Refuses another judge than the run was begun with: what its snapshots were ranked by would change under way.
    /// </summary>
    /// <param name="begun">The digest on record, or null for none.</param>
    /// <param name="path">The one given now, with its digest; or null for none.</param>
    /// <exception cref="OptionException">They differ.</exception>
    public static void RequireSame(string folder, string? begun, string? path, string? digest)
    {
        if (begun == digest) return;
        var (copy, anew) = (Path.Combine(folder, Name), "or start a new run in another folder with --out");
        throw new OptionException((begun, path) switch
        {
            (null, _) =>
                $"judge: {folder} was begun without one, and its best is chosen in pixels; go on without {path} "
                + $"({Short(digest!)}), {anew}",
            (_, null) => $"judge: {folder} was begun with one ({Short(begun)}); give it again with --judge {copy}, {anew}",
            _ when Path.GetFullPath(path) == copy =>
                $"judge: {copy} was changed: it is {Short(digest!)}, the run was begun with {Short(begun)}; put that classifier "
                + $"there again, {anew}",
            _ => $"judge: {path} ({Short(digest!)}) is not the one that {folder} was begun with ({Short(begun)}); give that one "
                + $"with --judge {copy}, {anew}",
        });
    }

    /// <summary>Puts the copy into a run's folder, whole or not at all; one that is there already stays.</summary>
    public static void Keep(string path, string digest, string folder)
    {
        var copy = Path.Combine(folder, Name);
        if (File.Exists(copy) && Fingerprint.OfFile(copy) == digest) return;
        AtomicFile.Write(copy, to =>
        {
            using var from = File.OpenRead(path);
            from.CopyTo(to);
        });
    }

    /// <summary>The judge of a run that goes on: its copy, or null for a run without one.</summary>
    /// <exception cref="InvalidDataException">The copy is gone.</exception>
    public static string? Of(GanRun run, string folder)
    {
        if (run.Judge is not { } digest) return null;
        var copy = Path.Combine(folder, Name);
        return File.Exists(copy) ? copy
            : throw new InvalidDataException($"{copy} is missing: the run was begun with this judge ({Short(digest)}); put the "
                + "classifier there again");
    }

    /// <summary>
    /// A warning where the run of a classifier says that it was trained on images that the generator is to learn from; else null.
    /// </summary>
    public static string? Overlap(string path, ImageSet set)
    {
        if (SeenImages.Find(Path.GetDirectoryName(Path.GetFullPath(path))!) is not { } seen) return null;
        var known = seen.Trained.Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
        var shared = set.Ids.Count(known.Contains);
        return shared == 0 ? null
            : $"the judge was trained on {Human.Count(shared)} of the {Human.Count(set.Count)} images that the generator learns "
                + "from (by their names): "
            + "it knows these too well to measure by them. Give it a part of its own: understudy data split --help";
    }

    private static string Short(string digest) => digest[..12] + "…";
}
