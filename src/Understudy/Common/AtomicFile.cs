using System.Text;

namespace Understudy.Common;

/// <summary>
/// Writes a file under its final name only when it is whole: into a neighbour first, flushed to the disk, then renamed.
/// A kill or a full disk leaves the old file (or none) and at most a stale <c>*.partial</c>, which the next write replaces.
/// Of two processes that write one file at once neither disturbs the other; the file of the one that ends last stays.
/// </summary>
public static class AtomicFile
{
    /// <summary>The suffix of a file that is still being written.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>Writes <paramref name="path"/> through <paramref name="write"/>; creates its folder.</summary>
    /// <exception cref="IOException">The disk is full or the path cannot be written; the message says which and what to do.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string? partial = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var file = Open(path))
            {
                partial = file.Name;
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        // The runtime tells of a file larger than the file system takes by an ArgumentOutOfRangeException.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" })
        {
            if (partial is not null) TryDelete(partial);
            var why = e.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
            throw new IOException($"cannot write {path}: {why}; the last whole version is kept. "
                + "Free some space, or choose another place with --out or UNDERSTUDY_RUNS", e);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, s => s.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>The neighbour; where another process is writing that one right now, a neighbour of its own.</summary>
    private static FileStream Open(string path)
    {
        try
        {
            return New(path + PartialSuffix, FileMode.Create);
        }
        catch (IOException) when (File.Exists(path + PartialSuffix))
        {
            return New($"{path}.{Guid.NewGuid():N}{PartialSuffix}", FileMode.CreateNew);
        }

        static FileStream New(string name, FileMode mode) => new(name, mode, FileAccess.Write, FileShare.None, 1 << 16);
    }

    private static void TryDelete(string path)
    {
        try { File.Delete(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the first error is the one to tell */ }
    }
}
