namespace Understudy.Data;

/// <summary>A folder on the disk. Links are followed; eight levels is as deep as image sets get, and ends a circle of links.</summary>
internal sealed class FolderBag : FileBag
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 8,
        IgnoreInaccessible = false,
        AttributesToSkip = 0,
        ReturnSpecialDirectories = false,
    };

    public override byte[] Read(string path)
    {
        var full = Path.Combine(Source, path);
        var length = new FileInfo(full).Length;
        return length > ImageLimits.MaxFileBytes
            ? throw new InvalidDataException($"has {length} bytes; image files up to {ImageLimits.MaxFileBytes / 1_000_000} MB are read")
            : File.ReadAllBytes(full);
    }

    public override void Dispose() { }

    protected override void List()
    {
        foreach (var entry in new DirectoryInfo(Source).EnumerateFileSystemInfos("*", Everything))
        {
            var path = Path.GetRelativePath(Source, entry.FullName).Replace('\\', '/');
            if (IsLitter(path)) continue;
            if (entry is DirectoryInfo) Folders.Add(path);
            else Files.Add(path);
        }
    }
}
