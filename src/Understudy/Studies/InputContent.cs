using Understudy.Common;
using Understudy.Data;

namespace Understudy.Studies;

/// <summary>What a path holds, as a hash: equal content is equal work, wherever it lies and whenever it was written.</summary>
internal static class InputContent
{
    /// <exception cref="FileNotFoundException">Nothing there.</exception>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static string HashOf(string path)
    {
        try
        {
            if (File.Exists(path)) return OfFile(path);
            if (!Directory.Exists(path))
            {
                throw new FileNotFoundException($"{path}: no such file or folder; name the images with --data, or in the study's "
                    + "data.source", path);
            }
            using var f = new Fingerprint();
            f.Add("folder/1");
            foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var name = Path.GetRelativePath(path, file).Replace('\\', '/');
                // What browsing a folder leaves there is not read either.
                if (!FileBag.IsLitter(name)) f.Add(name).Add(OfFile(file));
            }
            return f.Finish();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InvalidDataException(
                $"{path}: cannot be read: {e.Message.TrimEnd('.')}; give yourself the right to read it", e);
        }
    }

    /// <summary>
    /// Where a stage reads an input that lies elsewhere: hours may have passed since its content gave the stage its name.
    /// </summary>
    /// <exception cref="InvalidDataException">It holds something else by now.</exception>
    public static void RequireUnchanged(string path, string content)
    {
        if (HashOf(path) != content) throw Changed(path);
    }

    public static InvalidDataException Changed(string path) => new($"{path}: was changed while the study ran; run it again");

    /// <summary>Parquet files are read by their names as well: part and ids come from the file's and its folder's.</summary>
    private static string OfFile(string path)
    {
        if (!path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)) return Fingerprint.OfFile(path);
        using var f = new Fingerprint();
        var full = Path.GetFullPath(path);
        f.Add("parquet/1").Add(Path.GetFileName(full)).Add(Path.GetFileName(Path.GetDirectoryName(full)) ?? "").Add(Fingerprint.OfFile(path));
        return f.Finish();
    }
}
