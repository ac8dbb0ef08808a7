using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Understudy.Common;

namespace Understudy.Studies.Yaml;

/// <summary>
/// From a YAML mapping to an immutable options record: keys are the snake_case names of its properties. Unknown and missing keys,
/// wrong types and what the record's own <c>Validate()</c> refuses are errors that begin with file and line.
/// </summary>
internal static class YamlBinder
{
    /// <param name="path">Where in the study: "classifiers.screening".</param>
    /// <param name="baseline">What keys that are not given keep (a preset); null: the record's own defaults.</param>
    /// <param name="except">Properties that are not for the file, or that the caller has read; named as keys in what is
    /// suggested.</param>
    public static T Bind<T>(YamlValue value, string path, T? baseline = null, params string[] except) where T : class =>
        (T)Record(value, typeof(T), path, baseline, except);

    /// <summary>A single value, such as a number or a list of words.</summary>
    public static T Value<T>(YamlValue value, string path) => (T)Convert(value, typeof(T), path)!;

    /// <summary>Refuses keys that are not <paramref name="known"/>.</summary>
    public static void RequireKnown(YamlMap map, string path, IReadOnlyCollection<string> known)
    {
        if (map.Entries.FirstOrDefault(e => !known.Contains(e.Key)) is { } e)
            throw new InvalidDataException($"{e.Where}: unknown key "
                + $"'{e.Key}'{(path == "" ? "" : $" in {path}")}{Closest.Hint(e.Key, known)}");
    }

    public static string KeyOf(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);

    public static YamlMap Map(YamlValue value, string path) => value as YamlMap
        ?? throw new InvalidDataException($"{value.Where}: {path} must be a mapping of keys to values, not {value.Kind}");

    private static object Record(YamlValue value, Type type, string path, object? baseline, params string[] except)
    {
        var map = Map(value, path);
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is { IsPublic: true } && !except.Contains(KeyOf(p.Name))).ToDictionary(p => KeyOf(p.Name));
        RequireKnown(map, path, properties.Keys);
        var given = map.Entries.ToDictionary(e => e.Key,
            e => Convert(e.Value, properties[e.Key].PropertyType, $"{path}.{e.Key}", Old(baseline, properties[e.Key]),
            new NullabilityInfoContext().Create(properties[e.Key]).WriteState == NullabilityState.Nullable));
        var made = baseline is null ? Construct(type, map, path, given) : Clone(baseline);
        foreach (var (key, v) in given) properties[key].SetValue(made, v);
        try
        {
            type.GetMethod("Validate", Type.EmptyTypes)?.Invoke(made, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        catch (OptionException e)
        {
            // A record inside another names its keys from the outer one: "augment.shift".
            var own = path[(path.LastIndexOf('.') + 1)..] + ".";
            if (e.Message.StartsWith(own[..^1] + ": ", StringComparison.Ordinal))
                throw new InvalidDataException($"{map.Where}: {e.Message}", e);
            var message = e.Message.StartsWith(own, StringComparison.Ordinal) ? e.Message[own.Length..] : e.Message;
            throw new InvalidDataException($"{map.WhereIs(message.Split(':', 2)[0])}: {path}.{message}", e);
        }
        return made;
    }

    private static object? Old(object? baseline, PropertyInfo property) => baseline is null ? null : property.GetValue(baseline);

    private static object Clone(object record) =>
        (record.GetType().GetMethod("<Clone>$") ?? throw new InvalidOperationException($"{record.GetType()} is not a record"))
            .Invoke(record, null)!;

    private static object Construct(Type type, YamlMap map, string path, Dictionary<string, object?> given)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => given.TryGetValue(KeyOf(p.Name!), out var v) ? v
            : p.HasDefaultValue ? p.DefaultValue
            ?? (p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null
                ? Activator.CreateInstance(p.ParameterType) : null)
            : throw new InvalidDataException($"{map.Where}: missing key '{KeyOf(p.Name!)}' in {path}"))]);
    }

    private static object? Convert(YamlValue value, Type type, string path, object? old = null, bool nullable = false)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) (type, nullable) = (inner, true);
        if (value is YamlScalar { IsNull: true })
            return nullable ? null
                : throw new InvalidDataException($"{value.Where}: {path} has no value; give {Wanted(type)}, or remove the key");
        if (Element(type) is { } element) return List(value, type, element, path);
        if (type != typeof(string) && type.IsClass) return Record(value, type, path, old);
        if (value is YamlScalar scalar && Scalar(scalar, type) is { } v) return v;
        throw new InvalidDataException($"{value.Where}: {path} must be {Wanted(type)}, not {value.Kind}");
    }

    private static Type? Element(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() is var g && (g == typeof(IReadOnlyList<>) || g == typeof(List<>))
        ? type.GetGenericArguments()[0] : null;

    private static object List(YamlValue value, Type type, Type element, string path)
    {
        var items = value is YamlList list ? list.Items
            : throw new InvalidDataException($"{value.Where}: {path} must be a list, such as [a, b], not {value.Kind}");
        var array = Array.CreateInstance(element, items.Count);
        for (int i = 0; i < items.Count; i++) array.SetValue(Convert(items[i], element, $"{path}[{i}]"), i);
        return type.IsArray || type.IsInterface ? array : Activator.CreateInstance(type, (IEnumerable)array)!;
    }

    private static object? Scalar(YamlScalar s, Type type)
    {
        var c = CultureInfo.InvariantCulture;
        if (type == typeof(string)) return s.Text;
        if (s.Quoted) return null;
        if (type == typeof(bool))
            return s.Text switch { "true" or "yes" or "on" => true, "false" or "no" or "off" => false, _ => null };
        var text = s.Text.Replace("_", "", StringComparison.Ordinal);
        if (type == typeof(int)) return int.TryParse(text, NumberStyles.AllowLeadingSign, c, out var i) ? i : null;
        if (type == typeof(long)) return long.TryParse(text, NumberStyles.AllowLeadingSign, c, out var l) ? l : null;
        if (type == typeof(ulong)) return ulong.TryParse(text, NumberStyles.None, c, out var u) ? u : null;
        const NumberStyles real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (type == typeof(double)) return double.TryParse(text, real, c, out var d) && double.IsFinite(d) ? d : null;
        if (type == typeof(float)) return float.TryParse(text, real, c, out var f) && float.IsFinite(f) ? f : null;
        if (type.IsEnum) return EnumWords.Parse(type, s.Text);
        throw new InvalidOperationException($"no way from YAML to {type}");
    }

    /// <summary>In words, what a value of a type looks like: "a number", "one of sgd, adamw".</summary>
    public static string Wanted(Type type) => type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number" : type == typeof(ulong) ? "a whole number of 0 or more"
        : type == typeof(double) || type == typeof(float) ? "a number"
        : type.IsEnum ? $"one of {string.Join(", ", EnumWords.All(type))}" : type == typeof(string) ? "a word"
        : "a mapping of keys to values";
}
