using Understudy.Common;

namespace Understudy.Evaluation.Diagnosis;

/// <summary>
/// Do two artefacts number their classes alike? A permuted order makes every number computed across them wrong.
/// </summary>
public static class ClassMaps
{
    public const string Detector = "class-maps";

    /// <param name="firstName">What the first order comes from, for the message: "generator", "predictions.csv".</param>
    /// <param name="first">Class names in label order.</param>
    public static Finding Check(string firstName, IReadOnlyList<string> first, string secondName, IReadOnlyList<string> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        Evidence[] evidence = [new("classes-first", first.Count), new("classes-second", second.Count),
            new("moved", Enumerable.Range(0, Math.Min(first.Count, second.Count)).Count(k => first[k] != second[k]))];
        if (first.SequenceEqual(second, StringComparer.Ordinal))
            return new(Detector, Severity.Fine, $"{firstName} and {secondName} number the same {first.Count} classes alike.",
                evidence, "");
        string[] a = [.. first.Select(KnownOrders.Canonical)], b = [.. second.Select(KnownOrders.Canonical)];
        if (a.AsSpan().SequenceEqual(b))
        {
            return new(Detector, Severity.Warning,
                $"{firstName} and {secondName} spell classes differently: {Differences(first, second)}. The order seems the same.",
                evidence, "Use one spelling in both, so that files can be joined by class name.");
        }
        if (a.Order(StringComparer.Ordinal).SequenceEqual(b.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            return new(Detector, Severity.Fault,
                $"{firstName} and {secondName} have the same classes in another order: "
                + $"{Differences(first, second)}{Known(a, b, firstName, secondName)}.",
                evidence, $"Join by class name, never by number; or renumber {secondName} to [{string.Join(", ", first)}] and "
                    + "compute everything after it again.");
        }
        string[] onlyFirst = [.. first.Where((_, k) => !b.Contains(a[k]))],
            onlySecond = [.. second.Where((_, k) => !a.Contains(b[k]))];
        return new(Detector, Severity.Fault,
            $"{firstName} and {secondName} do not have the same classes: {Only(firstName, onlyFirst, second)}{Only(secondName, onlySecond, first)}".TrimEnd(';', ' ') + ".",
            evidence, "Use artefacts of the same data set, or rename the classes where only the names differ.");
    }

    private static string Differences(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        string[] all = [.. Enumerable.Range(0, a.Count).Where(k => a[k] != b[k])
            .Select(k => $"{k} is '{a[k]}' here and '{b[k]}' there")];
        return string.Join(", ", all.Take(8)) + (all.Length > 8 ? $" and {all.Length - 8} more" : "");
    }

    private static string Known(string[] a, string[] b, string firstName, string secondName)
    {
        string?[] parts = [KnownOrders.NameOf(a) is { } x ? $"{firstName} has {x}" : null,
            KnownOrders.NameOf(b) is { } y ? $"{secondName} has {y}" : null];
        var known = string.Join(", ", parts.OfType<string>());
        return known.Length > 0 ? $" ({known})" : "";
    }

    private static string Only(string name, string[] classes, IReadOnlyList<string> others) => classes.Length == 0 ? ""
        : $"only {name} has {string.Join(", ", classes.Take(8).Select(c => $"'{c}'" + (Closest.To(c, others) is { } near ? $" (near '{near}')" : "")))}"
            + (classes.Length > 8 ? $" and {classes.Length - 8} more" : "") + "; ";
}
