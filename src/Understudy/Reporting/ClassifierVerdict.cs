using Understudy.Evaluation.Utility;

namespace Understudy.Reporting;

/// <summary>
/// Which of several classifiers did best on the same images, by fixed rules: measurably better than the first is one whose
/// interval of the difference lies above 0. The intervals hold all at once, so many rows do not make one look good by chance.
/// </summary>
internal static class ClassifierVerdict
{
    private const int MostNamed = 6;

    public static Verdict Of(TestScores test, IReadOnlyList<RescoredTest> scorings, double level)
    {
        var (first, rows) = (test.Arms[0], test.Comparisons.OrderByDescending(c => c.Difference).ToArray());
        var better = rows.Where(c => c.Interval.Low > 0).ToArray();
        var worse = rows.Where(c => c.Interval.High < 0).Reverse().ToArray();
        return new(Title(test, better, worse), Headline(test),
            [.. Details(test, rows, better, worse, level), .. scorings.Select(Rescored)], null, [.. Doubts(test)]);

        string Rescored(RescoredTest other)
        {
            var c = other.Scores.Comparisons.MaxBy(c => c.Difference)!;
            var own = $"Scored {other.How.Name} ({Numbers.Count(other.Scores.Images)} images): “{first.Arm.Name}” "
                + $"{Accuracy(other.Scores, first.Arm.Name)}";
            return c.Difference > 0
                ? $"{own}; the best, “{c.Arm}”, {Accuracy(other.Scores, c.Arm)}, {Signed(c)}." : $"{own}, and none has more.";
        }
    }

    private static string Title(TestScores test, ArmComparison[] better, ArmComparison[] worse)
    {
        var (first, n) = (test.Arms[0].Arm.Name, test.Arms.Count);
        if (better.Length == 0)
        {
            return n > 2 ? $"None of {n} classifiers did measurably better than the first, “{first}”"
                : worse.Length > 0 ? $"“{worse[0].Arm}” did measurably worse than “{first}”"
                : $"No difference between “{first}” and “{test.Arms[1].Arm.Name}” could be measured";
        }
        var best = better.Where(c => c.Difference == better[0].Difference).ToArray();
        var numbers =
            $"{Numbers.Share(Find(test, best[0].Arm).Accuracy)}, {Numbers.Share(best[0].Difference)} "
            + $"{Numbers.Interval(best[0].Interval)} more than “{first}”";
        return n == 2 ? $"“{best[0].Arm}” did better than “{first}”: {numbers}"
            // One of fewer seeds may have a higher number and a wider interval.
            : $"Of {n} classifiers {And(best.Select(c => c.Arm))} did "
                + $"{(best[0].Difference < test.Comparisons.Max(c => c.Difference) ? "measurably better than the first" : "best")}: {numbers}";
    }

    private static string Headline(TestScores test)
    {
        var order = test.Arms.OrderByDescending(a => a.Accuracy).ToArray();
        var (top, first) = (order.TakeWhile(a => a.Accuracy == order[0].Accuracy).ToArray(), test.Arms[0]);
        var text = $"The highest accuracy on the test images: {And(top.Select(a => a.Arm.Name))}, "
            + $"{Numbers.WithSd(top[0][Measure.Accuracy].Seeds)}";
        if (top.Length < order.Length && order[top.Length] is var next && next != first)
            text += $"; the next, “{next.Arm.Name}”, {Numbers.WithSd(next[Measure.Accuracy].Seeds)}";
        if (!top.Contains(first)) text += $"; the first, “{first.Arm.Name}”, {Numbers.WithSd(first[Measure.Accuracy].Seeds)}";
        return $"{text}. Always answering the most frequent class would get {Numbers.Share(test.Majority.Accuracy)}.";
    }

    private static IEnumerable<string> Details(TestScores test, ArmComparison[] rows, ArmComparison[] better,
        ArmComparison[] worse, double level)
    {
        var first = test.Arms[0].Arm.Name;
        // One alone is in the title.
        if (better.Length > 1) yield return $"Measurably better than “{first}”: {List(better)}.";
        if (worse.Length > 0) yield return $"Measurably worse: {List(worse)}.";
        var same = rows.Except(better).Except(worse).ToArray();
        if (same.Length > 0)
        {
            yield return $"{(same.Length == 1 ? $"“{same[0].Arm}”" : $"{All(same.Length, rows.Length)} others")} cannot be told "
                + $"from “{first}” by this test.";
        }
        yield return (rows.Length > 1
            ? $"The {Numbers.Level(level)} intervals hold for {All(rows.Length, rows.Length).ToLowerInvariant()} differences at once: " : $"The {Numbers.Level(level)} interval is of the difference: ")
            + (test.Arms.Any(a => a.PerSeed.Count > 1) ? "what another test set and training again would change."
                : "what another test set would change. Every classifier was trained once, and training again may change the order.");
        if (rows.Length > 1)
            yield return "Among many rows the highest number is partly luck: expect a little less of the best on other images.";
    }

    private static IEnumerable<string> Doubts(TestScores test)
    {
        var floor = Math.Max(test.Majority.Accuracy, 1.0 / test.Arms[0].PerClass.Count);
        var lost = test.Arms.Where(a => a[Measure.Accuracy].Interval.Low <= floor).Select(a => a.Arm.Name).ToArray();
        if (lost.Length > 0) yield return $"Learnt nothing measurable: {And(lost)}.";
        var once = test.Arms.Count(a => a.PerSeed.Count == 1);
        if (once == test.Arms.Count) yield return "Only one seed: how much training again would change is not known.";
        else if (once > 0)
        {
            yield return $"{once} of {test.Arms.Count} classifiers have only one seed: their intervals take it that training "
                + "again changes them as much as the others.";
        }
    }

    private static string All(int n, int of) => n < of ? $"{n}" : n == 2 ? "Both" : $"All {n}";

    private static string List(ArmComparison[] rows) =>
        string.Join(", ", rows.Take(MostNamed).Select(c => $"“{c.Arm}” {Signed(c)}"))
        + (rows.Length > MostNamed ? $" and {rows.Length - MostNamed} more" : "");

    private static string Signed(ArmComparison c) => $"{Numbers.Signed(c.Difference)} {Numbers.SignedInterval(c.Interval)}";

    private static string Accuracy(TestScores test, string name) => Numbers.WithSd(Find(test, name)[Measure.Accuracy].Seeds);

    private static ArmScores Find(TestScores test, string name) => test.Arms.First(a => a.Arm.Name == name);

    private static string And(IEnumerable<string> names) => names.Select(n => $"“{n}”").ToArray() is { Length: > 1 } several
        ? $"{string.Join(", ", several[..^1])} and {several[^1]}" : $"“{names.First()}”";
}
