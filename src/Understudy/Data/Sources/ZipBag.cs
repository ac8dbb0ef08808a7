using System.IO.Compression;
using System.IO.Hashing;

namespace Understudy.Data;

/// <summary>
/// A zip read in place: nothing is written to the disk, so no entry can land outside a folder. Declared sizes are checked before
/// memory is asked for, no more than declared is unpacked, and checksums are held to.
/// </summary>
internal sealed class ZipBag : FileBag
{
    /// <summary>Deflate reaches about 1,000 to 1; an image that small in the zip and that large outside is no image.</summary>
    private const int MaxRatio = 200, RatioFrom = 10_000_000;

    private readonly FileStream _file;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <param name="forms">What else a path may be, for the message that it is no zip.</param>
    public ZipBag(string path, string forms)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such folder or file", path);
        _file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.RandomAccess);
        try
        {
            _zip = new(_file, ZipArchiveMode.Read);
        }
        catch (Exception e)
        {
            _file.Dispose();
            if (e is not InvalidDataException) throw;
            throw new InvalidDataException(ImageCodec.Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())
                ? $"{path}: is one image and no set; give a folder or zip of <class>/x.png"
                : $"{path}: is neither a folder, {forms}, or the zip is truncated", e);
        }
    }

    public override byte[] Read(string path)
    {
        var entry = _entries[path];
        var bytes = new byte[entry.Length];
        try
        {
            lock (_gate)   // one archive, one file position
            {
                using var s = entry.Open();
                s.ReadExactly(bytes);   // never more than declared, whatever follows
            }
        }
        catch (Exception e) when (e is EndOfStreamException or NotSupportedException)
        {
            throw new InvalidDataException($"cannot be unpacked ({e.Message.TrimEnd('.')}); make the zip anew with ordinary "
                + "compression", e);
        }
        return Crc32.HashToUInt32(bytes) == entry.Crc32 ? bytes
            : throw new InvalidDataException("does not match its checksum: the zip is damaged; copy it again");
    }

    public override void Dispose()
    {
        _zip.Dispose();
        _file.Dispose();
    }

    protected override void List()
    {
        IReadOnlyCollection<ZipArchiveEntry> all;
        try { all = _zip.Entries; }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or NotSupportedException or IOException)
        {
            throw new InvalidDataException($"{Source}: the zip's table of contents cannot be read ({e.Message}); copy it again",
                e);
        }
        foreach (var entry in all)
        {
            var path = entry.FullName.Replace('\\', '/');
            if (IsLitter(path)) continue;
            if (Refusal(entry, path) is { } reason) Refused.Add(new(entry.FullName, reason));
            else if (path.EndsWith('/')) AddFolders(path);
            else if (!_entries.TryAdd(path, entry))
            {
                Refused.Add(new(entry.FullName, "stands twice in the zip; remove one of the two"));
            }
            else
            {
                Files.Add(path);
                AddFolders(path);
            }
        }
    }

    private void AddFolders(string path)
    {
        for (int at = path.IndexOf('/'); at > 0; at = path.IndexOf('/', at + 1)) Folders.Add(path[..at]);
    }

    private static string? Refusal(ZipArchiveEntry entry, string path)
    {
        if (path.Length == 0 || path[0] == '/' || (path.Length > 1 && path[1] == ':') || path.Split('/').Contains(".."))
            return "points outside the archive; make the zip anew with relative names";
        if (path.Split('/')[..^1].Any(p => p is "" or "."))
            return "has an empty part in its path; make the zip anew with relative names";
        if (entry.IsEncrypted) return "is protected by a password; unpack it and name the folder instead";
        if (entry.Length > ImageLimits.MaxFileBytes
            || (entry.Length > RatioFrom && entry.Length / MaxRatio > entry.CompressedLength))
        {
            return $"unpacks to {entry.Length} bytes from {entry.CompressedLength}, which no image does; remove it";
        }
        return null;
    }
}
