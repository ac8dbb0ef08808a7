namespace Understudy.Data;

/// <summary>
/// A folder on the disk. Links are followed; eight levels is as deep as image sets get, and ends a circle of links.
/// </summary>
internal sealed class FolderBag : FileBag
{
    private const int MaxDepth = 8;

    public override byte[] Read(string path)
    {
        var full = Path.Combine(Source, path);
        var length = new FileInfo(full).Length;
        return length > ImageLimits.MaxFileBytes
            ? throw new InvalidDataException($"has {length} bytes, and image files up to "
                + $"{ImageLimits.MaxFileBytes / 1_000_000} MB are read")
            : File.ReadAllBytes(full);
    }

    public override void Dispose() { }

    protected override void List() => List(new DirectoryInfo(Source), "", 0);

    /// <param name="prefix">The folder's path relative to the source, with '/' at its end, or nothing.</param>
    private void List(DirectoryInfo folder, string prefix, int depth)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = folder.GetFileSystemInfos();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException && depth > 0)
        {
            Refused.Add(new(prefix.TrimEnd('/'), $"cannot be listed ({e.Message.TrimEnd('.')}); allow yourself to read it"));
            return;
        }
        foreach (var entry in entries)
        {
            var path = prefix + entry.Name;
            if (IsLitter(path)) continue;
            if (entry is not DirectoryInfo inner) Files.Add(path);
            else
            {
                Folders.Add(path);
                if (depth < MaxDepth) List(inner, path + "/", depth + 1);
            }
        }
    }
}
