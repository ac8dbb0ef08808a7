using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// Reads labelled images, whatever they came in: a folder or zip (in place) of <c>&lt;class&gt;/x.png</c> or <c>train|val|test/&lt;class&gt;/x.jpg</c>, the
/// original fer2013.csv, or a <c>.safetensors</c> set.
/// </summary>
public static class ImageSources
{
    /// <inheritdoc cref="Read(string, ImageReading, ProgressSink, out IReadOnlyList{SkippedFile})"/>
    public static ImageSet Read(string path, ImageReading options, ProgressSink progress) => Read(path, options, progress, out _);

    /// <summary>
    /// The set is the same, to the bit, from a folder and from a zip of it. Ids are the files' names without ending where these are
    /// unique, else their paths; images stand in the order part (train, val, test), class, path.
    /// </summary>
    /// <param name="skipped">What was left out under <see cref="ImageReading.SkipBad"/>; it is said to <paramref name="progress"/> too.</param>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="InvalidDataException">A file, entry or layout that cannot be read, images whose shapes differ, or more than 2 GB of pixels.</exception>
    /// <exception cref="OptionException">An option out of range.</exception>
    public static ImageSet Read(string path, ImageReading options, ProgressSink progress, out IReadOnlyList<SkippedFile> skipped)
    {
        ArgumentNullException.ThrowIfNull(progress);
        options.Validate();
        var assembly = new ImageAssembly(path, options, progress);
        var set = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ImageSetFile.Extension when File.Exists(path) => assembly.Adapt(ImageSetFile.Load(path)),
            ".csv" when File.Exists(path) => FerCsv.Read(path, options, assembly),
            _ => ReadBag(path, options, assembly, progress),
        };
        skipped = assembly.Skipped;
        if (skipped.Count > 0)
        {
            progress.Say($"{path}: {skipped.Count} files skipped:");
            foreach (var s in skipped.Take(20)) progress.Say($"  {s.Path} {s.Reason}");
            if (skipped.Count > 20) progress.Say($"  … and {skipped.Count - 20} more");
        }
        return set;
    }

    private static ImageSet ReadBag(string path, ImageReading options, ImageAssembly assembly, ProgressSink progress)
    {
        using var bag = FileBag.Open(path, options.SkipBad);
        assembly.Skipped.AddRange(bag.Refused);
        var listing = ImageLayout.Recognise(bag, options.SkipBad);
        foreach (var note in listing.Notes) progress.Say($"{path}: {note}");
        return assembly.Build(listing.Classes, listing.Files, i => ImageCodec.Decode(bag.Read(listing.Files[i].Path)));
    }
}
