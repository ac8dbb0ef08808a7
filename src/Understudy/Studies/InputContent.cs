using Understudy.Common;

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
            if (File.Exists(path)) return Fingerprint.OfFile(path);
            if (!Directory.Exists(path))
            {
                throw new FileNotFoundException($"{path}: no such file or folder; name the images with --data, or in the study's "
                    + "data.source", path);
            }
            using var f = new Fingerprint();
            f.Add("folder/1");
            foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                f.Add(Path.GetRelativePath(path, file).Replace('\\', '/')).Add(Fingerprint.OfFile(file));
            return f.Finish();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InvalidDataException(
                $"{path}: cannot be read: {e.Message.TrimEnd('.')}; give yourself the right to read it", e);
        }
    }
}
