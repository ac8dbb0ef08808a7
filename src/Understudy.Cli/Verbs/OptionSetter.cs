using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Common;
using static Understudy.Studies.Yaml.YamlBinder;

namespace Understudy.Cli.Verbs;

/// <summary>
/// Changes an options record by the names of its keys: <c>--set ema_kimg=5</c>, and within a part of it <c>--set
/// augment.flip=false</c>.
/// </summary>
internal static class OptionSetter
{
    /// <exception cref="OptionException">Not KEY=VALUE, an unknown key, or a value of another kind.</exception>
    public static T Apply<T>(T options, IEnumerable<string> settings) where T : class
    {
        var json = JsonNode.Parse(StrictJson.Write(options))!.AsObject();
        foreach (var setting in settings)
        {
            var at = setting.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw new OptionException($"--set {setting}: give KEY=VALUE, such as --set batch=64");
            var (key, text) = (setting[..at], setting[(at + 1)..]);
            var (part, property, before) = Find(json, options, key);
            part[KeyOf(property.Name)] = Value(text, property.PropertyType);
            try
            {
                StrictJson.Read<T>(json.ToJsonString(), "--set");
            }
            catch (InvalidDataException)
            {
                var takes = Takes(property.PropertyType, before);
                throw new OptionException($"--set {setting}: '{text}' is no value for {key}, which {takes}");
            }
        }
        return StrictJson.Read<T>(json.ToJsonString(), "--set");
    }

    /// <summary>
    /// The JSON object that holds a key, the key's property, and what it was.
    /// </summary>
    private static (JsonObject Part, PropertyInfo Property, object? Before) Find(JsonObject part, object record, string key)
    {
        for (var (prefix, rest) = ("", key); ;)
        {
            PropertyInfo[] properties =
                [.. record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite)];
            var (name, inner) = rest.Split('.', 2) is [var outer, var more] ? (outer, more) : (rest, null);
            var property = properties.FirstOrDefault(p => KeyOf(p.Name) == name);
            var value = property?.GetValue(record);
            if (property is not null && inner is null) return (part, property, value);
            if (property is null || value is null || part[name] is not JsonObject next)
            {
                string[] known = [.. properties.Select(p => prefix + KeyOf(p.Name))];
                var hint = Closest.To(key, known) is { } near ? $"; did you mean '{near}'?" : ".";
                throw new OptionException($"--set {key}: no such option{hint} All: {string.Join(", ", known)}");
            }
            (part, record, prefix, rest) = (next, value, $"{prefix}{name}.", inner!);
        }
    }

    private static string Takes(Type type, object? before)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum ? $"is one of: {string.Join(", ", EnumWords.All(plain))}"
            : before is null ? $"takes {Wanted(plain)}" : $"was {StrictJson.WriteLine(before)}";
    }

    /// <summary>A number, true, false or null as such; anything else is a word, in any case where it is one of a few.</summary>
    private static JsonValue? Value(string text, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum && EnumWords.Parse(plain, text) is { } value) return JsonValue.Create(value.Word());
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
