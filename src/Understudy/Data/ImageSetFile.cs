using System.Globalization;
using System.Runtime.InteropServices;
using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// A set in one safetensors file, read as fast as the disk: <c>images</c> U8 [N, C, H, W] and <c>labels</c> I32 [N], with
/// classes, ids and parts as JSON lists in the header. Any safetensors reader opens it.
/// </summary>
public static class ImageSetFile
{
    /// <summary>The extension that <see cref="ImageSources"/> knows it by.</summary>
    public const string Extension = ".safetensors";

    /// <summary>The format this code writes and reads.</summary>
    internal const string Format = "understudy-image-set/1";

    /// <param name="notes">Further strings for the header, such as where the images came from and the resizer.</param>
    public static void Save(string path, ImageSet set, IReadOnlyDictionary<string, string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        var metadata = new Dictionary<string, string>(notes ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            ["format"] = Format,
            ["classes"] = StrictJson.WriteLine(set.Classes.ToArray()),
            ["ids"] = StrictJson.WriteLine(set.Ids),
        };
        if (set.Parts is not null) metadata["parts"] = StrictJson.WriteLine(set.Parts);
        var (n, s) = (set.Count, set.Shape);
        SafetensorsFile.Write(path, metadata,
        [
            ("images", "U8", [n, s.Channels, s.Height, s.Width], set.Pixels),
            ("labels", "I32", [n], MemoryMarshal.AsBytes<int>(set.Labels.ToArray()).ToArray()),
        ]);
    }

    /// <exception cref="InvalidDataException">Not such a file, of another version, or inconsistent; the message names
    /// it.</exception>
    public static ImageSet Load(string path)
    {
        var file = SafetensorsFile.Read(path);
        RequireFormat(file.Metadata, path);
        try
        {
            return Read(file, path);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    private static ImageSet Read(SafetensorsContent file, string path)
    {
        var images = file["images"];
        var labels = file["labels"];
        if (images is not { Dtype: "U8", Shape: [var n, > 0 and <= 4, > 0 and <= int.MaxValue, > 0 and <= int.MaxValue] }
            || labels is not { Dtype: "I32", Shape: [var m] } || m != n)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: images {images.Dtype} [{string.Join(", ", images.Shape)}] and labels {labels.Dtype} "
                + $"[{string.Join(", ", labels.Shape)}] are no image set"));
        }
        var shape = new ImageShape((int)images.Shape[1], (int)images.Shape[2], (int)images.Shape[3]);
        MemoryMarshal.TryGetArray(images.Data, out var pixels);
        return new(new(List(file.Metadata, "classes", path)), shape, List(file.Metadata, "ids", path),
            MemoryMarshal.Cast<byte, int>(labels.Data.Span).ToArray(),
            pixels.Array!, file.Metadata.ContainsKey("parts") ? List(file.Metadata, "parts", path) : null);
    }

    /// <summary>Only the class names, without a pixel read.</summary>
    /// <exception cref="InvalidDataException">Not such a file, or of another version.</exception>
    internal static ClassNames ReadClasses(string path)
    {
        var metadata = SafetensorsFile.ReadMetadata(path);
        RequireFormat(metadata, path);
        return new(List(metadata, "classes", path));
    }

    private static void RequireFormat(IReadOnlyDictionary<string, string> metadata, string path)
    {
        var format = metadata.GetValueOrDefault("format", "none");
        if (format != Format)
            throw new InvalidDataException($"{path}: has the format '{format}', not '{Format}'; an image set is made by: "
                + "understudy data import");
    }

    private static string[] List(IReadOnlyDictionary<string, string> metadata, string key, string path)
    {
        var text = metadata.GetValueOrDefault(key) ?? throw new InvalidDataException($"{path}: the header lacks '{key}'");
        var list = StrictJson.Read<string?[]>(text, $"{path} ({key})");
        return [.. list.Select(x => x ?? throw new InvalidDataException($"{path}: '{key}' holds null"))];
    }
}
