namespace Understudy.Reporting;

/// <summary>
/// Whether a study's rows differ in their classifiers alone, and which of many rows are shown where all would be too many.
/// </summary>
internal static class ClassifierRows
{
    /// <summary>Above so many rows, figures show chosen ones.</summary>
    public const int MostShown = 8;

    private const int BestShown = 3;

    /// <summary>Which rows figures show then, in words.</summary>
    public const string ShownInWords = "the first classifier, the three most accurate ones and the least accurate one";

    /// <summary>All rows learn the same images: they are named by their classifiers.</summary>
    public static bool Differ(IReadOnlyList<ArmResult> arms) =>
        arms.Count > 1 && arms[0].TrainedOn is { } images && arms.All(a => a.TrainedOn == images)
        && arms.Select(a => a.Classifier).Distinct(StringComparer.Ordinal).Count() == arms.Count;

    /// <summary>…and those are real ones with their own labels: a study of classifiers, in which no stand-in is judged.</summary>
    public static bool Compare(IReadOnlyList<ArmResult> arms) => Differ(arms) && arms.All(a => a.Kind == ArmKind.Real);

    public static bool Compare(IEnumerable<ArmScores> arms) => Compare([.. arms.Select(a => a.Arm)]);

    /// <summary>
    /// Places of the rows that figures show: all, or of many classifiers the first, the most accurate and the least accurate
    /// ones.
    /// </summary>
    public static IReadOnlyList<int> Shown(TestScores test)
    {
        int[] all = [.. Enumerable.Range(0, test.Arms.Count)];
        if (!test.ComparesClassifiers || all.Length <= MostShown) return all;
        var byAccuracy = all.OrderByDescending(i => test.Arms[i].Accuracy).ToArray();
        return [.. byAccuracy.Take(BestShown).Append(byAccuracy[^1]).Append(0).Distinct().Order()];
    }
}
