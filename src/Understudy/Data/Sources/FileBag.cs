namespace Understudy.Data;

/// <summary>The files of a folder or a zip under relative paths with '/' between the parts, whatever the platform.</summary>
internal abstract class FileBag : IDisposable
{
    /// <summary>What error messages call the whole: the path the user gave.</summary>
    public required string Source { get; init; }

    /// <summary>Paths of files, in ordinal order.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Paths of folders, which may be empty.</summary>
    public SortedSet<string> Folders { get; } = new(StringComparer.Ordinal);

    /// <summary>What was left out while listing, and why.</summary>
    public List<SkippedFile> Refused { get; } = [];

    /// <summary>A file's bytes; safe from several threads.</summary>
    /// <exception cref="InvalidDataException">It cannot be unpacked, or is larger than an image may be; the message lacks the
    /// name.</exception>
    public abstract byte[] Read(string path);

    public abstract void Dispose();

    /// <summary>Opens a folder or a zip.</summary>
    /// <param name="forms">What a path may be besides a folder, for the message that it is none of them.</param>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="InvalidDataException">Neither folder nor zip, or an entry that is refused while
    /// <paramref name="skipBad"/> is not set.</exception>
    public static FileBag Open(string path, bool skipBad, string forms = "a zip, a .csv, a .parquet nor a .safetensors image set")
    {
        FileBag bag = Directory.Exists(path) ? new FolderBag { Source = path } : new ZipBag(path, forms) { Source = path };
        try
        {
            bag.List();
            bag.Files.Sort(StringComparer.Ordinal);
            return bag.Refused.Count > 0 && !skipBad
                ? throw new InvalidDataException($"{path}: {bag.Refused[0].Refusal}") : bag;
        }
        catch
        {
            bag.Dispose();
            throw;
        }
    }

    protected abstract void List();

    /// <summary>Files that tools leave behind: nothing a user put there.</summary>
    internal static bool IsLitter(string path) =>
        path.Split('/').Any(p =>
            p.StartsWith('.') && p is not "." and not ".." || p is "__MACOSX" or "Thumbs.db" or "desktop.ini");
}
