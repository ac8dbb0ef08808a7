namespace Understudy.Evaluation.Diagnosis;

/// <summary>
/// Orders in which the field numbers the expressions. FER2013's CSV file and the folders of its Kaggle archive differ: the CSV
/// has neutral last, folders sort by name.
/// </summary>
internal static class KnownOrders
{
    private static readonly (string Name, string[] Order)[] Orders =
    [
        ("the order of fer2013.csv", ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]),
        ("the alphabetical order of folders", ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]),
        ("the order of FER+", ["neutral", "happy", "surprise", "sad", "angry", "disgust", "fear"]),
        ("the order of AffectNet", ["neutral", "happy", "sad", "surprise", "fear", "disgust", "angry"]),
        ("the order of RAF-DB", ["surprise", "fear", "disgust", "happy", "sad", "angry", "neutral"]),
    ];

    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["anger"] = "angry",
        ["disgusted"] = "disgust",
        ["fearful"] = "fear",
        ["afraid"] = "fear",
        ["happiness"] = "happy",
        ["joy"] = "happy",
        ["sadness"] = "sad",
        ["surprised"] = "surprise",
        ["neutrality"] = "neutral",
    };

    /// <summary>One spelling per class: lower case, no spaces around, the field's synonyms folded.</summary>
    public static string Canonical(string name)
    {
        var plain = name.Trim().ToLowerInvariant();
        return Synonyms.GetValueOrDefault(plain, plain);
    }

    /// <summary>"the order of fer2013.csv", or null.</summary>
    public static string? NameOf(IEnumerable<string> classes)
    {
        string[] canonical = [.. classes.Select(Canonical)];
        return Orders.FirstOrDefault(o => o.Order.AsSpan().SequenceEqual(canonical)).Name;
    }
}
