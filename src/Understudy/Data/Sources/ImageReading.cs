using Understudy.Common;

namespace Understudy.Data;

/// <summary>What is done to an image whose sides have another ratio than the size asked for.</summary>
public enum Crop
{
    /// <summary>Nothing: it is an error, because squeezing a face changes it.</summary>
    None,

    /// <summary>The largest centred rectangle of the right ratio is cut out, then resized.</summary>
    Center,

    /// <summary>Black is added evenly on the short sides, then the whole is resized.</summary>
    Pad,
}

/// <summary>How images are read into one set, where every image has the same shape.</summary>
/// <param name="Height">Rows of every image of the set, 1–4096; null takes the files' own size, which then has to be the same in
/// all.</param>
/// <param name="Width">Columns, given together with <paramref name="Height"/>.</param>
/// <param name="Channels">1 (grey, by ITU-R 601) or 3 (RGB); null takes the files' own, the same in all.</param>
/// <param name="SkipBad">Files that cannot be read are listed and left out, instead of ending the reading.</param>
/// <param name="ImageColumn">Which column of a Parquet file holds the images; null goes by names and notes
/// (<see cref="ImageSources"/>).</param>
/// <param name="LabelColumn">The same for the labels.</param>
public sealed record ImageReading(int? Height = null, int? Width = null, int? Channels = null, Crop Crop = Crop.None,
    bool SkipBad = false,
    string? ImageColumn = null,
    string? LabelColumn = null)
{
    /// <summary>Everything as the files have it.</summary>
    public static ImageReading AsIs { get; } = new();

    /// <summary>Square images of <paramref name="size"/> pixels a side, or the files' own size where null.</summary>
    public static ImageReading Square(int? size, int? channels = null, Crop crop = Crop.None, bool skipBad = false) =>
        new(size, size, channels, crop, skipBad);

    /// <exception cref="OptionException">A value out of range, or only one of height and width.</exception>
    public ImageReading Validate()
    {
        if (Height is null != Width is null) throw new OptionException("size: give height and width together, or neither");
        if (Height is { } h) OptionException.RequireRange("size", h, 1, 4096);
        if (Width is { } w) OptionException.RequireRange("size", w, 1, 4096);
        if (Channels is { } c && c is not (1 or 3)) throw new OptionException($"channels: {c} is not known; 1 (grey) or 3 (RGB)");
        if (Crop != Crop.None && Height is null) throw new OptionException($"crop: '{Crop.Word()}' needs a --size to crop for");
        return this;
    }
}

/// <summary>A file left out under <see cref="ImageReading.SkipBad"/>, and why.</summary>
public sealed record SkippedFile(string Path, string Reason)
{
    /// <summary>What the command line has against such a file; a study says it in <see cref="InStudy"/>'s way.</summary>
    private const string Skip = "say --skip-bad";

    /// <summary>What is said where it is not left out: the file, the reason, and what would help.</summary>
    internal string Refusal => $"{Path} {Reason}" + (Reason.Contains("--", StringComparison.Ordinal) ? ""
        : $"{(Reason.Contains(';', StringComparison.Ordinal) ? "" : "; replace it, delete it")}, or {Skip}");

    /// <summary>The same of a study, which has a key in place of the option.</summary>
    internal static string InStudy(string refusal) =>
        refusal.Replace(Skip, "say data: { skip_bad: true } in the study", StringComparison.Ordinal);
}
