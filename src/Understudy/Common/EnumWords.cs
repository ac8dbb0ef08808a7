using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Understudy.Common;

/// <summary>
/// The word that stands for an enum's value wherever a person meets it: in files, studies and messages, on the command line. It
/// is the name in snake_case, or what <see cref="JsonStringEnumMemberNameAttribute"/> says, as in <see cref="StrictJson"/>.
/// </summary>
internal static class EnumWords
{
    private static readonly ConcurrentDictionary<Type, (string Word, Enum Value)[]> Known = new();

    /// <exception cref="ArgumentException">A number that the enum has no name for.</exception>
    public static string Word(this Enum value) => Of(value.GetType()).FirstOrDefault(w => w.Value.Equals(value)).Word
        ?? throw new ArgumentException($"{value.GetType().Name} has no value {value}");

    /// <summary>All words of an enum, in the order of their values.</summary>
    public static IEnumerable<string> All(Type type) => Of(type).Select(w => w.Word);

    /// <summary>The value of a word, in any case; null where there is none.</summary>
    public static Enum? Parse(Type type, string word) =>
        Of(type).FirstOrDefault(w => w.Word.Equals(word, StringComparison.OrdinalIgnoreCase)).Value;

    /// <inheritdoc cref="Parse(Type, string)"/>
    public static T? Parse<T>(string word) where T : struct, Enum => Parse(typeof(T), word) is T value ? value : null;

    private static (string Word, Enum Value)[] Of(Type type) => Known.GetOrAdd(type, t =>
        [.. Enum.GetNames(t).Select(name => (Written(t.GetField(name)!), (Enum)Enum.Parse(t, name)))]);

    private static string Written(FieldInfo member) =>
        member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
}
