using Understudy.Common;
using Understudy.Evaluation;

namespace Understudy.Tests.Evaluation.Diagnosis;

/// <summary>Predictions of known kind: clean ones of a chosen accuracy, and the faults a doctor must find.</summary>
internal static class Studies
{
    public static readonly string[] Folders = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];
    public static readonly string[] Csv = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];

    /// <summary>FER2013's PrivateTest, by folder.</summary>
    public static readonly int[] FerCounts = [467, 56, 496, 895, 607, 653, 415];

    public enum Errors { Uniform, ByPrior, Favourite }

    /// <summary>A class order that no order resembles, and counts like FER2013's, scaled.</summary>
    public static Predictions Clean(int images, int classes, double accuracy, ulong seed, Errors errors = Errors.Uniform,
        bool sorted = false)
    {
        var random = new KeyedRandom(seed, "tests/study");
        var labels = Labels(images, classes);
        if (!sorted) random.Shuffle<int>(labels);
        var favourite = random.Permutation(classes);
        return Make(Names(classes), labels, [.. labels.Select(truth => random.Uniform() < accuracy ? truth : Wrong(truth))],
            seed);

        int Wrong(int truth)
        {
            if (errors == Errors.Favourite && random.Uniform() < 0.3 && favourite[truth] != truth) return favourite[truth];
            while (true)
            {
                var guess = errors == Errors.ByPrior ? labels[random.Next(labels.Length)] : random.Next(classes);
                if (guess != truth) return guess;
            }
        }
    }

    /// <summary>Twenty clean studies: accuracies .2 to .95, three kinds of mistakes, sorted or shuffled, all seeded.</summary>
    public static IEnumerable<Predictions> TwentyClean(int images, int classes)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var accuracy = new KeyedRandom(seed, "tests/accuracy").Uniform(0.2, 0.95);
            yield return Clean(images, classes, accuracy, seed, (Errors)(seed % 3), sorted: seed % 2 == 1);
        }
    }

    /// <summary>The three test sets the doctor must leave alone.</summary>
    public static TheoryData<int, int> CleanShapes => new() { { 3589, 7 }, { 200, 7 }, { 200, 100 }, { 3589, 100 } };

    public static Predictions Make(IReadOnlyList<string> names, int[] labels, int[] predicted, ulong seed = 0)
    {
        var random = new KeyedRandom(seed, "tests/probabilities");
        var table = new float[labels.Length, names.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            var top = (float)random.Uniform(0.55, 0.99);
            for (int k = 0; k < names.Count; k++) table[i, k] = k == predicted[i] ? top : (1 - top) / (names.Count - 1);
        }
        return new(names, [.. labels.Select((_, i) => $"image-{i:00000}")], labels, table);
    }

    /// <summary>Every prediction passed through <paramref name="predict"/>(row, predicted class).</summary>
    public static Predictions Rewrite(Predictions p, Func<int, int[], int> predict)
    {
        var predicted = p.Predicted();
        return Make(p.Classes, [.. p.Labels], [.. Enumerable.Range(0, p.Count).Select(i => predict(i, predicted))]);
    }

    private static string[] Names(int classes) =>
        classes == 7 ? Folders : [.. Enumerable.Range(0, classes).Select(k => $"class-{k:000}")];

    private static int[] Labels(int images, int classes)
    {
        if (classes == 7 && images == FerCounts.Sum()) return [.. FerCounts.SelectMany((n, k) => Enumerable.Repeat(k, n))];
        var shares = classes == 7
            ? FerCounts.Select(n => (double)n).ToArray() : [.. Enumerable.Range(0, classes).Select(k => 1.0 + k % 3)];
        double total = shares.Sum(), reached = 0;
        var labels = new int[images];
        for (int k = 0, at = 0; k < classes; k++)
        {
            reached += shares[k];
            for (var end = (int)Math.Round(images * reached / total); at < end; at++) labels[at] = k;
        }
        return labels;
    }
}
