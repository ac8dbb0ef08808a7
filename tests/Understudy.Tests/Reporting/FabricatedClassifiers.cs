using Understudy.Evaluation;
using Understudy.Reporting;

namespace Understudy.Tests.Reporting;

/// <summary>
/// A study of classifiers alone that nobody ran: every number of right answers is given, so that what a report says is known
/// beforehand.
/// </summary>
internal static class FabricatedClassifiers
{
    /// <param name="rows">A name, and for each seed how many of the 100 test images it gets right: the first so many of a
    /// shuffled order, the same for all.</param>
    public static StudyResult Make(params (string Name, int[] Right)[] rows) => new()
    {
        Name = "options",
        Question = "Which classifier does best on real faces?",
        Classes = ["calm", "glad"],
        Data = new("Drawn faces, 48×48 grey", [new("generator", [300, 300]), new("validation", [50, 50]), new("test", [50, 50])]),
        Arms = [.. rows.Select((r, i) => new ArmResult(r.Name, "the real training images", ArmKind.Real,
            [.. r.Right.Select((n, seed) =>
                new ArmRun((ulong)seed, $"predictions/{i}-{seed}.csv", Predict(n), [new(1, 1.5, .4), new(2, 1.2, n / 100.0)]))])
        {
            Classifier = r.Name,
            TrainedOn = "real",
            TrainingImages = 600,
            Differs = i == 0 ? "" : $"option {i}",
        })],
        Seeds = [.. Enumerable.Range(0, rows.Max(r => r.Right.Length)).Select(s => (ulong)s)],
    };

    private static Predictions Predict(int right)
    {
        var table = new float[100, 2];
        var labels = Enumerable.Range(0, 100).Select(i => i % 2).ToArray();
        for (int i = 0; i < 100; i++)
        {
            // 37 and 100 have no common divisor: i × 37 visits every place once.
            var known = i * 37 % 100 < right;
            table[i, labels[i]] = known ? .75f : .25f;
            table[i, 1 - labels[i]] = known ? .25f : .75f;
        }
        return new(["calm", "glad"], [.. Enumerable.Range(0, 100).Select(i => $"toy-{i:000}")], labels, table);
    }
}
