using Understudy.Evaluation;
using Understudy.Evaluation.Statistics;

namespace Understudy.Reporting;

/// <summary>Every arm's numbers on one set of test images under one set of labels.</summary>
/// <param name="Comparisons">Every arm against its classifier's first real one, and against the arm it names; classifiers alone
/// against the first.</param>
/// <param name="Majority">What always answering the test set's most frequent class gets.</param>
public sealed record TestScores(IReadOnlyList<ArmScores> Arms, IReadOnlyList<ArmComparison> Comparisons,
    MajorityBaseline Majority)
{
    /// <summary>Test images.</summary>
    public int Images => Arms[0].PerSeed[0].Count;

    /// <summary>
    /// Whether the rows are classifiers that learned the same real images: what is compared is then the classifiers, and no
    /// stand-in is judged.
    /// </summary>
    public bool ComparesClassifiers { get; } = ClassifierRows.Compare(Arms);

    internal static TestScores Of(IReadOnlyList<ArmResult> results, BootstrapOptions options,
        IReadOnlyDictionary<string, string>? clusters)
    {
        var resampled = results.Select(a => Bootstrap.Of([.. a.Runs.Select(r => r.Predictions)], options, clusters)).ToArray();
        var arms = results.Select((a, i) => ArmScores.Of(a, resampled[i])).ToArray();
        return new(arms, ArmComparison.All(arms, resampled), MajorityBaseline.Of(arms[0].PerSeed[0]));
    }
}

/// <summary>The same tests, scored another way.</summary>
/// <param name="LeftOut">Test images that do not count, by reason, the most frequent first.</param>
/// <param name="Relabelled">Images that count under another label than their own.</param>
public sealed record RescoredTest(Rescoring How, TestScores Scores, IReadOnlyList<(string Reason, int Images)> LeftOut,
    int Relabelled)
{
    internal static RescoredTest Of(Rescoring how, IReadOnlyList<ArmResult> arms, BootstrapOptions options,
        IReadOnlyDictionary<string, string>? clusters)
    {
        var plain = arms[0].Runs[0].Predictions;
        var rescored = how.Apply(plain);
        var own = plain.Ids.Zip(plain.Labels).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
        ArmResult Rescored(ArmResult arm) =>
            arm with { Runs = [.. arm.Runs.Select(r => r with { Predictions = how.Apply(r.Predictions) })] };
        return new(how, TestScores.Of([.. arms.Select(Rescored)], options, clusters), how.Counts(plain),
            rescored.Ids.Zip(rescored.Labels).Count(p => own[p.First] != p.Second));
    }
}
