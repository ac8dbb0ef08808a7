namespace Understudy.Studies.Stages;

/// <summary>What one classifier does otherwise than another, in words: a row of many classifiers says what it is about.</summary>
internal static class ReportDifferences
{
    /// <summary>More options than these are counted.</summary>
    private const int MostNamed = 5;

    /// <returns>"mixup 0.2", "augment.shift 0, augment.flip false"; empty where nothing differs.</returns>
    public static string Of(ClassifierSpec first, ClassifierSpec other)
    {
        var (before, after) = (Values(first), Values(other));
        var differing = after.Keys.Union(before.Keys, StringComparer.Ordinal)
            .Where(k => after.GetValueOrDefault(k) != before.GetValueOrDefault(k))
            .Select(k => $"{k} {after.GetValueOrDefault(k, "none")}").ToArray();
        return string.Join(", ", differing.Take(MostNamed))
            + (differing.Length > MostNamed ? $" and {differing.Length - MostNamed} more" : "");
    }

    private static Dictionary<string, string> Values(ClassifierSpec classifier) =>
        ReportSettings.OfClassifier(classifier).ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
}
