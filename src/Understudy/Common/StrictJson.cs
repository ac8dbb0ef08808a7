using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Understudy.Common;

/// <summary>
/// The one way records become JSON and back: snake_case keys, unknown and missing keys refused, enums by their words
/// (<see cref="EnumWords"/>).
/// </summary>
public static class StrictJson
{
    private static readonly JsonSerializerOptions Indented = Make(true), OneLine = Make(false);

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Indented) + "\n";

    /// <summary>Without line breaks: a line of a <c>.jsonl</c> file, or what is hashed.</summary>
    public static string WriteLine<T>(T value) => JsonSerializer.Serialize(value, OneLine);

    /// <param name="source">What is read, for the error message: a path, or words for it.</param>
    /// <exception cref="InvalidDataException">Not JSON, an unknown key, or a missing one.</exception>
    public static T Read<T>(string json, string source)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Indented) ?? throw new InvalidDataException($"{source}: holds null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
    }

    public static T ReadFile<T>(string path) => Read<T>(File.ReadAllText(path), path);

    private static JsonSerializerOptions Make(bool indented) => new()
    {
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };
}
