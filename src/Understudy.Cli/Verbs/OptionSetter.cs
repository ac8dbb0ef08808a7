using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Common;

namespace Understudy.Cli.Verbs;

/// <summary>Changes an options record by the names of its keys: <c>--set ema_kimg=5</c>.</summary>
internal static class OptionSetter
{
    /// <exception cref="OptionException">Not KEY=VALUE, an unknown key, or a value of another kind.</exception>
    public static T Apply<T>(T options, IEnumerable<string> settings)
    {
        var json = JsonNode.Parse(StrictJson.Write(options))!.AsObject();
        // From the record itself: its JSON leaves out what is off.
        string[] known = [.. typeof(T).GetProperties().Where(p => p.CanWrite).Select(p => Key(p.Name))];
        foreach (var setting in settings)
        {
            var at = setting.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw new OptionException($"--set {setting}: give KEY=VALUE, such as --set batch=64");
            var (key, text) = (setting[..at], setting[(at + 1)..]);
            if (!known.Contains(key))
            {
                var near = Closest.To(key, known);
                throw new OptionException($"--set {key}: no such option{(near is null ? "" : $"; did you mean '{near}'?")} All: {string.Join(", ", known)}");
            }
            json[key] = Value(text);
            try
            {
                StrictJson.Read<T>(json.ToJsonString(), "--set");
            }
            catch (InvalidDataException)
            {
                throw new OptionException($"--set {setting}: '{text}' is no value for {key}, which "
                    + (Choices<T>(key) is { } choices ? $"is one of: {choices}" : $"was {StrictJson.WriteLine(Property<T>(key).GetValue(options))}"));
            }
        }
        return StrictJson.Read<T>(json.ToJsonString(), "--set");
    }

    /// <summary>The names that an option takes, where it is one of a few.</summary>
    private static string? Choices<T>(string key)
    {
        var type = Property<T>(key).PropertyType;
        return type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(Key)) : null;
    }

    private static PropertyInfo Property<T>(string key) => typeof(T).GetProperties().First(p => Key(p.Name) == key);

    private static string Key(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);

    /// <summary>A number, true, false or null as such; anything else is a word.</summary>
    private static JsonValue? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonValue v ? v : text == "null" ? null : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
