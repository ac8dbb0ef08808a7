using System.IO.Compression;
using System.Text.Json;
using Understudy.Common;

namespace Understudy.Data;

/// <summary>What an image set may replace: nothing but a set that was written here, and a synthetic one no real one.</summary>
internal static class ExistingSet
{
    private const string ManifestFile = "manifest.json", ManifestKey = "manifest", SyntheticFormat = "understudy/synthetic-set/";

    /// <param name="synthetic">The new set was drawn by a generator: the images it would replace may exist nowhere else.</param>
    /// <exception cref="IOException">What is there is to stay.</exception>
    /// <exception cref="OptionException">The name has the ending of another kind of file.</exception>
    public static void RequireReplaceable(string path, bool overwrite, bool synthetic)
    {
        var (zip, one) = (EndsIn(path, ".zip"), EndsIn(path, ImageSetFile.Extension));
        if (zip || one)
        {
            if (Directory.Exists(path))
                throw new IOException($"{path} is a folder; name a file to write a {(zip ? "zip" : ImageSetFile.Extension)}");
            if (!File.Exists(path) || SpecialFile.Is(path)) return;
            if (!overwrite) throw new IOException($"{path} is there already; name another file, or say --overwrite");
            if (new FileInfo(path).Length > 0) RequireOurs(path, zip ? InZip(path) : InSafetensors(path), synthetic);
            return;
        }
        if (File.Exists(path)) throw new IOException($"{path} is a file; name a folder, or a file that ends in .zip");
        if (!Directory.Exists(path)) RequireFolderName(path);
        else if (Directory.EnumerateFileSystemEntries(path).Any())
        {
            if (!overwrite) throw new IOException($"{path} is not empty; name another folder, or say --overwrite");
            RequireOurs(path, InFolder(path), synthetic);
        }
    }

    /// <summary>Whether a manifest is that of images which a generator drew.</summary>
    public static bool IsSynthetic(string manifest)
    {
        try
        {
            using var json = JsonDocument.Parse(manifest);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("format", out var format)
                && format.ToString().StartsWith(SyntheticFormat, StringComparison.Ordinal);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void RequireOurs(string path, string? manifest, bool synthetic)
    {
        if (manifest is null)
        {
            throw new IOException($"{path} holds other files than an image set ({ImageLabels.FileName} and {ManifestFile} "
                + "are missing or others'); it is not overwritten: name another place");
        }
        if (synthetic && !IsSynthetic(manifest))
        {
            throw new IOException($"{path} holds images that are not marked synthetic; "
                + "they are not overwritten by synthetic ones: name another place");
        }
    }

    /// <summary>"imp.safetensor" is a mistyped file; "faces.2" may be a folder, and what ends in a separator is one.</summary>
    private static void RequireFolderName(string path)
    {
        if (Path.EndsInDirectorySeparator(path) || Path.GetExtension(path) is not [_, var first, ..] ending) return;
        if (!char.IsAsciiLetter(first)) return;
        throw new OptionException($"{path}: no set is written as '{ending}'; "
            + $"give {ImageSetFile.Extension}, .zip, or a folder ({path}/ for one of that name)");
    }

    private static string? InFolder(string path)
    {
        var (labels, manifest) = (Path.Combine(path, ImageLabels.FileName), Path.Combine(path, ManifestFile));
        if (!File.Exists(manifest) || !File.Exists(labels) || !HasHeader(File.OpenText(labels))) return null;
        if (Stray(path, labels) is { } stray)
        {
            throw new IOException($"{path} holds {stray}, which is no part of the set there and would go with it; move it, or name "
                + "another place");
        }
        return File.ReadAllText(manifest);
    }

    /// <summary>A file that somebody put among those of a set: a split, a photograph.</summary>
    private static string? Stray(string path, string labels)
    {
        using var reader = File.OpenText(labels);
        var own = Csv.Read(reader, labels).Select(line => line.Fields[0])
            .Concat([ImageLabels.FileName, ManifestFile, Restricted.FileName]).ToHashSet(StringComparer.Ordinal);
        return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(path, file).Replace('\\', '/'))
            .FirstOrDefault(file => !own.Contains(file) && !FileBag.IsLitter(file));
    }

    private static string? InZip(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            if (zip.GetEntry(ImageLabels.FileName) is not { } labels) return null;
            if (zip.GetEntry(ManifestFile) is not { } manifest) return null;
            if (!HasHeader(new StreamReader(labels.Open()))) return null;
            using var reader = new StreamReader(manifest.Open());
            return reader.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>A set without a manifest is one that was imported or drawn: it is ours, and not synthetic.</summary>
    private static string? InSafetensors(string path)
    {
        try
        {
            var metadata = SafetensorsFile.ReadMetadata(path);
            return metadata.GetValueOrDefault("format") != ImageSetFile.Format ? null
                : metadata.GetValueOrDefault(ManifestKey, "{}");
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static bool HasHeader(TextReader labels)
    {
        using var reader = labels;
        var header = Csv.Read(reader, ImageLabels.FileName).FirstOrDefault().Fields;
        return header is not null && header.SequenceEqual(ImageLabels.Header);
    }

    private static bool EndsIn(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
