namespace Understudy.Data;

/// <summary>How many files have a size, as shown (EXIF orientation applied), and are grey or in colour.</summary>
public sealed record SizeCount(int Width, int Height, int Channels, int Images);

/// <summary>What a source turned out to hold, whether or not its images make one set as they are.</summary>
/// <param name="Set">The set; where the files' shapes differ and no size was asked for, one squeezed to
/// <see cref="ImageSources.ComparedSize"/> pixels a side.</param>
/// <param name="Squeezed">Whether it is the latter: good for counting and comparing, for nothing else.</param>
/// <param name="Sizes">The files' own sizes, the most frequent first.</param>
/// <param name="Traits">How many files needed what.</param>
/// <param name="Notes">What else a user should know, such as files that are no images.</param>
internal sealed record ImageSurvey(ImageSet Set, bool Squeezed, IReadOnlyList<SizeCount> Sizes,
    IReadOnlyDictionary<ImageTraits, int> Traits,
    IReadOnlyList<SkippedFile> Skipped, IReadOnlyList<string> Notes);
