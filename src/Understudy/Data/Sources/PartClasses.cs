using System.Globalization;

namespace Understudy.Data;

/// <summary>What holds for the classes of every source.</summary>
internal static class PartClasses
{
    /// <summary>
    /// One order whatever the source: numbers by value, names by code point. Label numbers of a source mean nothing beyond their
    /// names.
    /// </summary>
    public static IReadOnlyList<string> InOrder(IEnumerable<string> names)
    {
        var distinct = names.Distinct(StringComparer.Ordinal).ToList();
        return distinct.TrueForAll(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? [.. distinct.OrderBy(n => int.Parse(n, CultureInfo.InvariantCulture)).ThenBy(n => n, StringComparer.Ordinal)]
            : [.. distinct.Order(StringComparer.Ordinal)];
    }

    /// <exception cref="InvalidDataException">A class that one part has and another lacks.</exception>
    public static void RequireSame(string source, IEnumerable<(string? Part, string Class)> images)
    {
        var byPart = images.GroupBy(p => p.Part ?? "", p => p.Class)
            .Select(g => (Part: g.Key, Classes: g.ToHashSet(StringComparer.Ordinal)))
            .OrderByDescending(p => p.Classes.Count).ThenBy(p => p.Part, StringComparer.Ordinal).ToList();
        var all = byPart.SelectMany(p => p.Classes).ToHashSet(StringComparer.Ordinal);
        foreach (var (part, classes) in byPart)
        {
            var missing = all.Except(classes).Order(StringComparer.Ordinal).ToList();
            if (missing.Count == 0) continue;
            throw new InvalidDataException($"{source}: {part} holds {classes.Count} of {all.Count} classes; missing: "
                + $"{string.Join(", ", missing)}. "
                + "Every part needs the same classes under the same names");
        }
    }
}
