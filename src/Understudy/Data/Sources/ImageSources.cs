using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// Reads labelled images, whatever they came in: a folder or zip (in place) of <c>&lt;class&gt;/x.png</c> or
/// <c>train|val|test/&lt;class&gt;/x.jpg</c>, the original fer2013.csv, a Parquet file or folder as Hugging Face keeps image
/// sets, or a <c>.safetensors</c> set.
/// </summary>
public static class ImageSources
{
    /// <summary>Pixels a side to which images of several shapes are squeezed to be compared.</summary>
    internal const int ComparedSize = 64;

    /// <inheritdoc cref="Read(string, ImageReading, ProgressSink, out IReadOnlyList{SkippedFile})"/>
    public static ImageSet Read(string path, ImageReading options, ProgressSink progress) => Read(path, options, progress, out _);

    /// <summary>
    /// The set is the same, to the bit, from a folder and from a zip of it. Ids are the files' names without ending where these
    /// are unique, else their paths; images stand in the order part (train, val, test), class, path.
    /// </summary>
    /// <param name="skipped">What was left out under <see cref="ImageReading.SkipBad"/>; it is said to
    /// <paramref name="progress"/> too.</param>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="InvalidDataException">A file, entry or layout that cannot be read, images whose shapes differ, or more
    /// than 2 GB of pixels.</exception>
    /// <exception cref="OptionException">An option out of range.</exception>
    public static ImageSet Read(
        string path, ImageReading options, ProgressSink progress, out IReadOnlyList<SkippedFile> skipped) =>
        Read(path, options, progress, null, out skipped);

    /// <summary>As <see cref="Read(string, ImageReading, ProgressSink)"/>, whatever the images take together. Where a Parquet set
    /// makes several parts, these come in the order of its rows.</summary>
    internal static void ReadInParts(string path, ImageReading options, ProgressSink progress, ImageParts parts) =>
        Read(path, options, progress, parts, out _);

    private static ImageSet Read(string path, ImageReading options, ProgressSink progress, ImageParts? parts,
        out IReadOnlyList<SkippedFile> skipped)
    {
        ArgumentNullException.ThrowIfNull(progress);
        options.Validate();
        var assembly = new ImageAssembly(path, options, progress, parts: parts);
        var set = Read(path, options, assembly);
        skipped = assembly.Skipped;
        foreach (var note in assembly.Notes) progress.Say($"{path}: {note}");
        if (skipped.Count > 0)
        {
            progress.Say($"{path}: {skipped.Count} files skipped:");
            foreach (var s in skipped.Take(20)) progress.Say($"  {s.Path} {s.Reason}");
            if (skipped.Count > 20) progress.Say($"  … and {skipped.Count - 20} more");
        }
        return set;
    }

    /// <summary>
    /// As <see cref="Read(string, ImageReading, ProgressSink)"/>, with what was met on the way; images of several shapes are no
    /// error.
    /// </summary>
    internal static ImageSurvey Survey(string path, ImageReading options, ProgressSink progress)
    {
        options.Validate();
        var asked = new ImageAssembly(path, options, progress);
        try
        {
            return Surveyed(options, asked);
        }
        catch (InvalidDataException) when (asked.ShapesDiffer)
        {
            var compared = options with
            {
                Channels = options.Channels ?? 1,
                Height = options.Height ?? ComparedSize,
                Width = options.Width ?? ComparedSize
            };
            return Surveyed(compared, new(path, compared, progress, squeeze: options.Height is null));
        }

        ImageSurvey Surveyed(ImageReading reading, ImageAssembly assembly) =>
            new(Read(path, reading, assembly), reading != options,
            assembly.Sizes, assembly.Traits, assembly.Skipped, assembly.Notes);
    }

    private static ImageSet Read(string path, ImageReading options, ImageAssembly assembly)
    {
        if (ParquetSource.Is(path))
        {
            using var parquet = new ParquetSource(path, options, assembly);
            return parquet.Read();
        }
        if ((options.ImageColumn ?? options.LabelColumn) is { } column)
            throw new OptionException($"column '{column}': {path} is no Parquet set; only those have columns to name");
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ImageSetFile.Extension when File.Exists(path) => assembly.Adapt(ImageSetFile.Load(path)),
            ".csv" when File.Exists(path) => FerCsv.Read(path, options, assembly),
            _ => ReadBag(path, options, assembly),
        };
    }

    private static ImageSet ReadBag(string path, ImageReading options, ImageAssembly assembly)
    {
        using var bag = FileBag.Open(path, options.SkipBad);
        assembly.Skipped.AddRange(bag.Refused);
        var listing = ImageLayout.Recognise(bag, options.SkipBad);
        assembly.Notes.AddRange(listing.Notes);
        return assembly.Build(listing.Classes, listing.Files, i => ImageCodec.Decode(bag.Read(listing.Files[i].Path)));
    }
}
