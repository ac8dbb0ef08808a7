using System.Text;

namespace Understudy.Common;

/// <summary>
/// Writes a file under its final name only when it is whole: into a neighbour first, flushed to the disk, then renamed.
/// A kill or a full disk leaves the old file (or none) and at most a stale <c>*.partial</c>, which the next write replaces.
/// Of two processes that write one file at once neither disturbs the other; the file of the one that ends last stays.
/// A link stays a link, and the file it leads to is written; a pipe or a device gets the bytes as they come.
/// </summary>
public static class AtomicFile
{
    /// <summary>The suffix of a file that is still being written.</summary>
    public const string PartialSuffix = ".partial";

    private const string OtherPlace = "choose another place with --out or UNDERSTUDY_RUNS";

    /// <summary>Writes <paramref name="path"/> through <paramref name="write"/>; creates its folder.</summary>
    /// <exception cref="IOException">The disk is full or the path cannot be written; the message says which and what to
    /// do.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string? partial = null;
        try
        {
            var special = SpecialFile.Is(path);
            var target = special ? path : Target(path);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            if (special)
            {
                using var stream = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1 << 16);
                write(stream);
                stream.Flush();
                return;
            }
            if (Directory.Exists(target)) throw new IOException("is a folder");
            using (var file = Open(target))
            {
                partial = file.Name;
                write(file);
                file.Flush(flushToDisk: true);
                // While it is held: no other writer of the same file can take the neighbour in between.
                if (!OperatingSystem.IsWindows()) File.Move(partial, target, overwrite: true);
            }
            if (OperatingSystem.IsWindows()) File.Move(partial, target, overwrite: true);
        }
        // The runtime tells of a file larger than the file system takes by an ArgumentOutOfRangeException.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            or ArgumentOutOfRangeException { ParamName: "value" })
        {
            if (partial is not null) TryDelete(partial);
            throw new IOException($"cannot write {path}: {Why(path, e)}", e);
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

    /// <summary>The file at the end of a link, or of several; any other path as it is.</summary>
    internal static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    /// <summary>What stands in the way, and what would help against just that.</summary>
    private static string Why(string path, Exception e)
    {
        if (Directory.Exists(path)) return "it is a folder; name a file";
        for (var above = Path.GetDirectoryName(Path.GetFullPath(path)); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above)) return $"{above} is a file, not a folder; choose another place";
        }
        var kept = File.Exists(path) ? "; the last whole version is kept" : "";
        if (e is UnauthorizedAccessException)
            return $"permission denied{kept}. Give yourself the right to write there, or {OtherPlace}";
        // The system's words, without the name of the neighbour that was being written.
        var why = e.Message.Split(" (Parameter", 2)[0].Split(" : '", 2)[0].TrimEnd('.');
        return $"{why}{kept}. Free some space, or {OtherPlace}";
    }

    private static void TryDelete(string path)
    {
        try { File.Delete(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the first error is the one to tell */ }
    }
}
