using System.IO.Compression;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Synthesis;

/// <summary>One image of a synthetic set: with the manifest's seed and settings, all it takes to make it again.</summary>
/// <param name="Class">Its class's name.</param>
/// <param name="Index">Which image of that class.</param>
public sealed record ManifestImage(string Id, string Class, int Index);

/// <summary>What a synthetic set is and how to make any image of it again; <c>manifest.json</c> beside the images.</summary>
/// <param name="Format">The version of this record.</param>
/// <param name="Classes">Names in label order.</param>
/// <param name="Generator">SHA-256 over the generator's options and weights.</param>
/// <param name="Data">Fingerprint of the images the generator learned from.</param>
/// <param name="Split">Hash of the split they were chosen by, or empty.</param>
/// <param name="Resizer">What images were resized with after drawing; empty: nothing.</param>
public sealed record Manifest(string Format, string Software, IReadOnlyList<string> Classes, IReadOnlyList<int> Counts,
    ImageShape Shape,
    string Generator, string Data, string Split, SamplingOptions Sampling, string Resizer, IReadOnlyList<ManifestImage> Images)
{
    /// <summary>The format this code writes and reads.</summary>
    public const string CurrentFormat = "understudy/synthetic-set/1";

    private const string FileName = "manifest.json", NoteKey = "manifest";

    /// <summary>Describes what <see cref="Sampler.Draw"/> made.</summary>
    public static Manifest Of(Sampler sampler, ImageSet set, SamplingOptions options)
    {
        var next = new int[set.Classes.Count];
        return new(CurrentFormat, SyntheticMark.Software, [.. set.Classes], set.CountsPerClass(), set.Shape,
            sampler.GeneratorHash, sampler.Card.Data, sampler.Card.Split,
            options, "", [.. Enumerable.Range(0, set.Count)
                .Select(i => new ManifestImage(set.Ids[i], set.Classes[set.Labels[i]], next[set.Labels[i]]++))]);
    }

    /// <summary>Writes the set as one .safetensors file, the fastest form, with this in its header.</summary>
    public void SaveWith(ImageSet set, string path) =>
        ImageSetFile.Save(path, set, new Dictionary<string, string> { [NoteKey] = StrictJson.WriteLine(this) });

    /// <param name="path">A manifest.json, the folder of a set, its zip, or its .safetensors.</param>
    /// <exception cref="InvalidDataException">No manifest, or one of another version.</exception>
    public static Manifest Load(string path)
    {
        var manifest = StrictJson.Read<Manifest>(Text(path), path);
        return manifest.Format == CurrentFormat ? manifest
            : throw new InvalidDataException($"{path}: format '{manifest.Format}' is not {CurrentFormat}; use the version of "
                + $"understudy that wrote it ({manifest.Software})");
    }

    /// <summary>Makes one image again, uint8 [C, H, W].</summary>
    /// <exception cref="OptionException">The manifest does not list the id, or another generator made it.</exception>
    public byte[] Remake(Sampler sampler, string id)
    {
        var image = Images.FirstOrDefault(i => i.Id == id)
            ?? throw new OptionException($"remake: the manifest lists no image '{id}'; its {Images.Count} ids run from "
                + $"{Images[0].Id} to {Images[^1].Id}");
        if (sampler.GeneratorHash != Generator)
            throw new OptionException($"generator: its hash is {sampler.GeneratorHash[..12]}…, the manifest's images were made "
                + $"by {Generator[..12]}…; give that one");
        return sampler.One(sampler.Classes.IndexOf(image.Class), image.Index, Sampling);
    }

    /// <summary>What the PNG of an image says about itself: that it is synthetic, and how to make it again.</summary>
    public IEnumerable<(string Key, string Text)> PngText(int index)
    {
        var image = Images[index];
        return [.. SyntheticMark.Of(Generator),
            ("Recipe", StrictJson.WriteLine(new Recipe(image.Id, image.Class, image.Index, Sampling)))];
    }

    private sealed record Recipe(string Id, string Class, int Index, SamplingOptions Sampling);

    private static string Text(string path)
    {
        if (Directory.Exists(path)) path = Path.Combine(path, FileName);
        if (path.EndsWith(ImageSetFile.Extension, StringComparison.OrdinalIgnoreCase) && File.Exists(path))
        {
            return SafetensorsFile.ReadMetadata(path).GetValueOrDefault(NoteKey)
                ?? throw new InvalidDataException($"{path}: holds no manifest; it was not made by: understudy generate");
        }
        if (!path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            return File.Exists(path) ? File.ReadAllText(path)
                : throw new InvalidDataException($"{path}: no such file; give a manifest.json, the folder of a set, its zip or "
                    + "its .safetensors");
        using var zip = ZipFile.OpenRead(path);
        var entry = zip.GetEntry(FileName) ?? throw new InvalidDataException($"{path}: holds no {FileName}");
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
