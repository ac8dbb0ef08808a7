using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// Reads images that have no labels, to be classified: one image file, or every image in a folder or zip, however it is laid out.
/// </summary>
public static class UnlabelledImages
{
    /// <summary>The one class such a set has.</summary>
    public const string Class = "unlabelled";

    /// <summary>
    /// The images in the order of their paths; ids are paths relative to the folder or zip, or the file's name.
    /// </summary>
    /// <param name="options">As for labelled sets; give a size and channels where the images may differ.</param>
    /// <param name="skipped">What was left out under <see cref="ImageReading.SkipBad"/>.</param>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="InvalidDataException">An image that cannot be read, no image at all, or images whose shapes
    /// differ.</exception>
    public static ImageSet Read(
        string path, ImageReading options, ProgressSink progress, out IReadOnlyList<SkippedFile> skipped) =>
        Read(path, options, progress, null, out skipped);

    /// <summary>The same, whatever the images take together.</summary>
    /// <returns>What was left out under <see cref="ImageReading.SkipBad"/>.</returns>
    internal static IReadOnlyList<SkippedFile> ReadInParts(
        string path, ImageReading options, ProgressSink progress, ImageParts parts)
    {
        Read(path, options, progress, parts, out var skipped);
        return skipped;
    }

    private static ImageSet Read(string path, ImageReading options, ProgressSink progress, ImageParts? parts,
        out IReadOnlyList<SkippedFile> skipped)
    {
        ArgumentNullException.ThrowIfNull(progress);
        options.Validate();
        var assembly = new ImageAssembly(path, options, progress, parts: parts);
        skipped = assembly.Skipped;
        if (File.Exists(path) && IsImage(path)) return Build(assembly, [Path.GetFileName(path)], _ => File.ReadAllBytes(path));
        using var bag = FileBag.Open(path, options.SkipBad, $"a zip nor an image ({string.Join(", ", ImageCodec.Extensions)})");
        assembly.Skipped.AddRange(bag.Refused);
        var files = bag.Files.Where(IsImage).ToList();
        return files.Count > 0 ? Build(assembly, files, bag.Read)
            : throw new InvalidDataException($"{path}: holds no image; endings looked for: "
                + $"{string.Join(", ", ImageCodec.Extensions)}");
    }

    private static bool IsImage(string path) => ImageCodec.Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    private static ImageSet Build(ImageAssembly assembly, List<string> files, Func<string, byte[]> read) =>
        assembly.Build(new([Class]), [.. files.Select(f => new ImageFile(f, f, 0, null))],
            i => ImageCodec.Decode(read(files[i])));
}
