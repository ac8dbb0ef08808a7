using Understudy.Evaluation.Statistics;

namespace Understudy.Reporting.Html;

/// <summary>
/// A computed number: rounded for people, exact for machines, with a key that says what it is, so that a script (and a test)
/// can check every number of a report against the predictions.
/// </summary>
internal static class Value
{
    public static Markup Share(string key, double? value) => Data(key, value, Numbers.Share(value));

    public static Markup Signed(string key, double value) => Data(key, value, Numbers.Signed(value));

    public static Markup PValue(string key, double value) => Data(key, value, Numbers.PValue(value));

    public static Markup Count(string key, long value) =>
        Markup.Of($"<data data-key=\"{key}\" value=\"{value}\">{Numbers.Count(value)}</data>");

    /// <summary>Mean and, when there is one, SD.</summary>
    public static Markup WithSd(string key, SeedSummary s) => s.Sd is { } sd
        ? Markup.Of($"{Share(key + "/mean", s.Mean)}<span class=\"sd\"> ± {Share(key + "/sd", sd)}</span>")
        : Share(key + "/mean", s.Mean);

    public static Markup Interval(string key, Interval i) =>
        Markup.Of($"[{Share(key + "/low", i.Low)}, {Share(key + "/high", i.High)}]");

    public static Markup SignedInterval(string key, Interval i) =>
        Markup.Of($"[{Signed(key + "/low", i.Low)}, {Signed(key + "/high", i.High)}]");

    private static Markup Data(string key, double? value, string text) => value is { } v && !double.IsNaN(v)
        ? Markup.Of($"<data data-key=\"{key}\" value=\"{Numbers.Exact(v)}\">{text}</data>")
        : Markup.Of($"<abbr title=\"not defined here\">{Numbers.None}</abbr>");
}
