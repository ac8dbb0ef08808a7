namespace Understudy.Data;

/// <summary>One image of a source, before it is decoded.</summary>
internal sealed record ImageFile(string Path, string Id, int Label, string? Part);

/// <summary>What a folder or zip turned out to hold.</summary>
internal sealed record ImageListing(ClassNames Classes, IReadOnlyList<ImageFile> Files, IReadOnlyList<string> Notes);
