using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Understudy.Data;

/// <summary>
/// Which columns hold what. The image: the one asked for; else the only one that the file's <c>huggingface</c> note calls an
/// Image; else <c>image</c> or <c>img</c>; else the only column of bytes. The label: the one asked for; else the only ClassLabel;
/// else <c>label</c>, <c>labels</c>, <c>class</c>, <c>emotion</c> or <c>expression</c>.
/// </summary>
/// <param name="Path">What an image was called, where the file says: the image's <c>path</c>, or a column <c>file_name</c>,
/// <c>filename</c>, <c>path</c> or <c>id</c>.</param>
/// <param name="Names">What the numbers in the label column mean, where the file says; else null.</param>
internal sealed record ParquetColumns(DataField Image, DataField Label, DataField? Path, IReadOnlyList<string>? Names)
{
    private static readonly string[]
        ImageNames = ["image", "img"],
        LabelNames = ["label", "labels", "class", "emotion", "expression"],
        PathNames = ["file_name", "filename", "path", "id"];

    /// <exception cref="InvalidDataException">No column fits, or several do; the message names them, not the file.</exception>
    public static ParquetColumns Of(ParquetReader file, string? image, string? label)
    {
        var fields = file.Schema.DataFields.Where(f => f.MaxRepetitionLevel == 0).ToList();
        var features = Features(file.CustomMetadata?.GetValueOrDefault("huggingface"));
        var bytes = fields.Where(f => IsBytes(f) && (Depth(f) == 1 || (Depth(f) == 2 && f.Name == "bytes"))).ToList();
        var labels = fields.Where(f => Depth(f) == 1 && (IsWhole(f) || IsText(f))).ToList();
        var pictures = Choose(bytes, "image", image, Declared(features, "Image"), ImageNames, orTheOnlyOne: true);
        var classes = Choose(labels, "label", label, Declared(features, "ClassLabel"), LabelNames, orTheOnlyOne: false);
        var path = fields.Find(f => IsText(f) && f != classes && Depth(f) == 2 && Top(f) == Top(pictures) && f.Name == "path")
            ?? fields.Find(f => IsText(f) && f != classes && Depth(f) == 1 && PathNames.Contains(f.Name));
        return new(pictures, classes, path, features.GetValueOrDefault(Top(classes)).Names);
    }

    private static DataField Choose(List<DataField> fit, string what, string? asked, List<string> declared, string[] usual,
        bool orTheOnlyOne)
    {
        string? name = asked ?? (declared.Count == 1 ? declared[0] : null)
            ?? usual.FirstOrDefault(n => fit.Exists(f => Top(f) == n)) ?? (orTheOnlyOne && fit.Count == 1 ? Top(fit[0]) : null);
        return fit.Find(f => Top(f) == name) ?? throw new InvalidDataException(
            $"has {(name is null ? $"no column that is plainly the {what}" : $"no {what} column '{name}'")}; what could be one: "
            + $"[{string.Join(", ", fit.Select(Top))}]; name it with --{what}-column");
    }

    private static List<string> Declared(Dictionary<string, (string Type, string[]? Names)> features, string type) =>
        [.. features.Where(f => f.Value.Type == type).Select(f => f.Key)];

    /// <summary>
    /// The note of the <c>datasets</c> library: <c>{"info": {"features": {"label": {"names": [...], "_type":
    /// "ClassLabel"}}}}</c>.
    /// </summary>
    private static Dictionary<string, (string Type, string[]? Names)> Features(string? note)
    {
        var found = new Dictionary<string, (string, string[]?)>(StringComparer.Ordinal);
        if (note is null) return found;
        try
        {
            using var json = JsonDocument.Parse(note);
            if (Member(Member(json.RootElement, "info"), "features") is not { ValueKind: JsonValueKind.Object } features)
                return found;
            foreach (var f in features.EnumerateObject())
            {
                var names = Member(f.Value, "names") is { ValueKind: JsonValueKind.Array } list
                    ? list.EnumerateArray().Select(n => n.ToString()).ToArray() : null;
                found[f.Name] = (Member(f.Value, "_type")?.ToString() ?? "", names);
            }
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"has a note 'huggingface' that is no JSON ({e.Message}); write the file anew", e);
        }
        return found;
    }

    private static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty(name, out var member) ? member : null;

    private static string Top(DataField field) => field.Path.FirstPart!;

    private static int Depth(DataField field) => field.Path.Length;

    public static bool IsText(DataField field) =>
        field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static bool IsBytes(DataField field) => field.SchemaElement?.Type == Parquet.Meta.Type.BYTE_ARRAY && !IsText(field);

    private static bool IsWhole(DataField field) =>
        field.SchemaElement?.Type is Parquet.Meta.Type.INT32 or Parquet.Meta.Type.INT64
        && field.ClrType is { } t
        && (t == typeof(long) || t == typeof(int) || t == typeof(short) || t == typeof(byte) || t == typeof(sbyte));
}
