using System.IO.Compression;
using System.Text;
using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// Writes a set as every tool reads one: <c>&lt;class&gt;/&lt;id&gt;.png</c> (under <c>&lt;part&gt;/</c> where the set has
/// parts), <c>labels.csv</c> and <c>manifest.json</c>, into a folder or a zip. Equal input gives equal bytes, and a killed
/// process leaves nothing under the final name.
/// </summary>
public static class ImageSetWriter
{
    /// <summary>Fixed, so that a zip depends on its content alone: the earliest time a zip can tell.</summary>
    private static readonly DateTimeOffset ZipTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="path">A folder, or a file when it ends in .zip.</param>
    /// <param name="manifest">The text of manifest.json; its <c>classes</c> list, when there is one, gives readers the class
    /// order. Null writes one with just that.</param>
    /// <param name="pngText">The text chunks of the image at an index; null for none.</param>
    /// <param name="overwrite">Replaces what is there, if a set was written there by this; a synthetic set replaces synthetic
    /// ones only.</param>
    /// <exception cref="IOException">Something is there already, or cannot be written.</exception>
    /// <exception cref="OptionException">The path ends as no set's does.</exception>
    public static void Write(string path, ImageSet set, string? manifest,
        Func<int, IEnumerable<(string Key, string Text)>>? pngText,
        ProgressSink progress, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(set);
        manifest ??= StrictJson.Write(new { classes = set.Classes.ToArray() });
        ExistingSet.RequireReplaceable(path, overwrite, ExistingSet.IsSynthetic(manifest));
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) WriteZip(path, Files(set, manifest, pngText, progress));
        else WriteFolder(Path.TrimEndingDirectorySeparator(path), Files(set, manifest, pngText, progress));
    }

    private static void WriteZip(string path, IEnumerable<(string Name, byte[] Bytes)> files)
    {
        AtomicFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, bytes) in files)
            {
                // PNGs are packed already; tables are not.
                var entry = zip.CreateEntry(name,
                    name.EndsWith(".png", StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
                entry.LastWriteTime = ZipTime;
                using var s = entry.Open();
                s.Write(bytes);
            }
        });
    }

    private static void WriteFolder(string path, IEnumerable<(string Name, byte[] Bytes)> files)
    {
        var partial = path + AtomicFile.PartialSuffix;
        try
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
            foreach (var (name, bytes) in files)
            {
                var file = Path.Combine(partial, name);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                using var s = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None);
                s.Write(bytes);
            }
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            Directory.Move(partial, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var left = TryDelete(partial) ? "" : $" but {partial}, which can go";
            throw new IOException($"cannot write {path}: {e.Message.TrimEnd('.')}; nothing was changed there{left}. "
                + "Free some space, or choose another place", e);
        }
    }

    private static bool TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The one list of files for folder and zip: images first, the tables that make the set whole last.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> Files(ImageSet set, string manifest,
        Func<int, IEnumerable<(string Key, string Text)>>? pngText, ProgressSink progress)
    {
        const int chunk = 512;
        var labels = new StringBuilder(Csv.Row(ImageLabels.Header));
        var encoded = new byte[chunk][];
        for (int start = 0; start < set.Count; start += chunk)
        {
            var n = Math.Min(chunk, set.Count - start);
            Parallel.For(0, n, i => encoded[i] = ImageCodec.EncodePng(set[start + i], set.Shape, pngText?.Invoke(start + i)));
            for (int i = start; i < start + n; i++)
            {
                var name = $"{(set.Parts is null ? "" : SafeName.Of(set.Parts[i]) + "/")}{SafeName.Of(set.Classes[set.Labels[i]])}/{SafeName.Of(set.Ids[i])}.png";
                labels.Append(Csv.Row(name, set.Ids[i], set.Classes[set.Labels[i]]));
                yield return (name, encoded[i - start]);
            }
            progress.Report("write images", start + n, set.Count, "image");
        }
        yield return (ImageLabels.FileName, Encoding.UTF8.GetBytes(labels.ToString()));
        yield return ("manifest.json", Encoding.UTF8.GetBytes(manifest));
    }
}
