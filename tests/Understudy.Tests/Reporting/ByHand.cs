using Understudy.Common;
using Understudy.Evaluation;
using Understudy.Reporting;

namespace Understudy.Tests.Reporting;

/// <summary>
/// The numbers of a report computed again in the plainest way, straight from the definitions and sharing no code with the
/// library's metrics: loops over images and pairs of images. Slow, and meant to be.
/// </summary>
internal static class ByHand
{
    public static readonly string[] Measures = ["accuracy", "macro_f1", "macro_auroc", "macro_precision", "macro_recall"];

    /// <summary>Every number of the report under its key.</summary>
    public static Dictionary<string, double> Numbers(StudyResult study, int replicates, ulong seed)
    {
        var arms = study.Arms.Select(a => a.Runs.Select(r => r.Predictions).ToArray()).ToArray();
        var classes = study.Classes.Count;
        var all = new Dictionary<string, double> { ["test/images"] = arms[0][0].Count };
        int[] once = [.. Enumerable.Range(0, arms[0][0].Count)];
        var support = Enumerable.Range(0, classes).Select(k => arms[0][0].Labels.Count(l => l == k)).ToArray();
        all["majority/accuracy"] = support.Max() / (double)once.Length;
        for (int k = 0; k < classes; k++) all[$"class/{k}/support"] = support[k];

        int[] byId = [.. once.OrderBy(i => arms[0][0].Ids[i], StringComparer.Ordinal)];
        var draws = Enumerable.Range(0, replicates).Select(b =>
        {
            var random = new KeyedRandom(seed, "bootstrap", b);
            return once.Select(_ => byId[random.Next(once.Length)]).ToArray();
        }).ToArray();
        var resampled = arms.Select(runs =>
            Measures.Select(m => draws.Select(d => runs.Average(r => Measure(m, r, d))).ToArray()).ToArray()).ToArray();
        for (int a = 0; a < arms.Length; a++)
        {
            all[$"arm/{a}/seeds"] = arms[a].Length;
            for (int m = 0; m < Measures.Length; m++)
            {
                Over($"arm/{a}/{Measures[m]}", [.. arms[a].Select(r => Measure(Measures[m], r, once))]);
                Interval($"arm/{a}/{Measures[m]}", resampled[a][m]);
            }
            for (int r = 0; r < arms[a].Length; r++) all[$"arm/{a}/run/{r}/accuracy"] = Measure("accuracy", arms[a][r], once);
            foreach (var w in new[] { "balanced_accuracy", "weighted_precision", "weighted_recall", "weighted_f1", "nll", "ece" })
                Over($"arm/{a}/{w}", [.. arms[a].Select(r => Measure(w, r, once))]);
            for (int k = 0; k < classes; k++)
            {
                all[$"arm/{a}/class/{k}/precision"] = arms[a].Average(r => Class(r, once, k).Precision);
                all[$"arm/{a}/class/{k}/recall"] = arms[a].Average(r => Class(r, once, k).Recall);
                all[$"arm/{a}/class/{k}/f1"] = arms[a].Average(r => Class(r, once, k).F1);
                all[$"arm/{a}/class/{k}/auroc"] = arms[a].Average(r => Area(r, once, k));
                for (int j = 0; j < classes; j++)
                {
                    all[$"arm/{a}/confusion/{k}/{j}"] = arms[a].Sum(r => once.Count(i => r.Labels[i] == k && Guess(r, i) == j));
                    all[$"arm/{a}/row_share/{k}/{j}"] = all[$"arm/{a}/confusion/{k}/{j}"] / (support[k] * arms[a].Length);
                }
            }
        }
        Compare();
        Weighted();
        for (int s = 0; s < study.Scorings.Count; s++) Rescored(study.Scorings[s], $"scoring/{s}");
        return all;

        void Over(string key, double[] values)
        {
            all[key + "/mean"] = values.Average();
            if (values.Length > 1)
                all[key + "/sd"] = Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Length - 1));
        }

        void Interval(string key, double[] values)
        {
            var sorted = values.Order().ToArray();
            all[key + "/low"] = At(.025);
            all[key + "/high"] = At(.975);
            double At(double q) =>
                sorted[(int)(q * (sorted.Length - 1))] * (1 - q * (sorted.Length - 1) % 1)
                    + sorted[Math.Min(sorted.Length - 1, (int)(q * (sorted.Length - 1)) + 1)] * (q * (sorted.Length - 1) % 1);
        }

        void Weighted()
        {
            for (int a = 0; a < arms.Length; a++)
            {
                foreach (var w in new[] { "accuracy", "weighted_f1", "weighted_auroc", "weighted_precision", "weighted_recall" })
                    Over($"arm/{a}/weighted/{w.Split('_')[^1]}", [.. arms[a].Select(r => Measure(w, r, once))]);
            }
        }

        // The images that count, looked up one by one; the draws are made anew, since there are fewer.
        void Rescored(Rescoring how, string key)
        {
            var rest = arms.Select(runs => runs.Select(r => Count(r, how)).ToArray()).ToArray();
            int[] left = [.. Enumerable.Range(0, rest[0][0].Count)];
            all[key + "/images"] = left.Length;
            if (how.Labels is not null)
            {
                all[key + "/relabelled"] = left.Count(i =>
                    rest[0][0].Labels[i] != arms[0][0].Labels[arms[0][0].Ids.ToList().IndexOf(rest[0][0].Ids[i])]);
            }
            all[key + "/majority"] = Enumerable.Range(0, classes)
                .Max(k => left.Count(i => rest[0][0].Labels[i] == k)) / (double)left.Length;
            int[] order = [.. left.OrderBy(i => rest[0][0].Ids[i], StringComparer.Ordinal)];
            var drawn = Enumerable.Range(0, replicates).Select(b =>
            {
                var random = new KeyedRandom(seed, "bootstrap", b);
                return left.Select(_ => order[random.Next(left.Length)]).ToArray();
            }).ToArray();
            var values = rest.Select(runs =>
                Measures.Select(m => drawn.Select(d => runs.Average(r => Measure(m, r, d))).ToArray()).ToArray()).ToArray();
            for (int a = 0; a < arms.Length; a++)
            {
                for (int m = 0; m < Measures.Length; m++)
                {
                    Over($"{key}/arm/{a}/{Measures[m]}", [.. rest[a].Select(r => Measure(Measures[m], r, left))]);
                    Interval($"{key}/arm/{a}/{Measures[m]}", values[a][m]);
                    for (int r = 0; r < rest[a].Length; r++)
                    {
                        all[$"{key}/arm/{a}/run/{r}/{Measures[m]}"] = Measure(Measures[m], rest[a][r], left);
                        all[$"full/arm/{a}/run/{r}/{Measures[m]}"] = Measure(Measures[m], arms[a][r], once);
                    }
                }
                Over($"{key}/arm/{a}/nll", [.. rest[a].Select(r => Measure("nll", r, left))]);
                if (a == 0) continue;
                all[$"{key}/arm/{a}/difference"] = all[$"{key}/arm/{a}/accuracy/mean"] - all[$"{key}/arm/0/accuracy/mean"];
                Interval($"{key}/arm/{a}/difference", [.. values[a][0].Zip(values[0][0], (x, y) => x - y)]);
            }
        }

        // Every arm but the first, which is the real one.
        void Compare()
        {
            var tests = (
                from a in Enumerable.Range(1, arms.Length - 1)
                from r in Enumerable.Range(0, arms[a].Length)
                select (a,
                    P: McNemar(arms[a][r], arms[0][r]))).OrderBy(t => t.P).ToArray();
            double floor = 0;
            var worst = new double[arms.Length];
            for (int i = 0; i < tests.Length; i++)
            {
                floor = Math.Max(floor, Math.Min(1, tests[i].P * (tests.Length - i)));
                worst[tests[i].a] = Math.Max(worst[tests[i].a], floor);
            }
            for (int a = 1; a < arms.Length; a++)
            {
                all[$"comparison/{a - 1}/difference"] = all[$"arm/{a}/accuracy/mean"] - all["arm/0/accuracy/mean"];
                Interval($"comparison/{a - 1}", [.. resampled[a][0].Zip(resampled[0][0], (x, y) => x - y)]);
                all[$"comparison/{a - 1}/p_holm"] = worst[a];
            }
        }
    }

    private static Predictions Count(Predictions p, Rescoring how)
    {
        int[] kept = [.. Enumerable.Range(0, p.Count).Where(i => !how.LeftOut.ContainsKey(p.Ids[i]))];
        var table = new float[kept.Length, p.Classes.Count];
        for (int i = 0; i < kept.Length; i++)
        {
            for (int k = 0; k < p.Classes.Count; k++) table[i, k] = p.Probabilities[kept[i], k];
        }
        return new(p.Classes, [.. kept.Select(i => p.Ids[i])],
            [.. kept.Select(i => how.Labels is { } l ? p.Classes.ToList().IndexOf(l[p.Ids[i]]) : p.Labels[i])], table);
    }

    private static double Measure(string name, Predictions p, int[] images)
    {
        var k = Enumerable.Range(0, p.Classes.Count).ToArray();
        double Share(int c) => images.Count(i => p.Labels[i] == c) / (double)images.Length;
        return name switch
        {
            "accuracy" => images.Count(i => Guess(p, i) == p.Labels[i]) / (double)images.Length,
            "macro_precision" => k.Average(c => Class(p, images, c).Precision),
            "macro_recall" => k.Average(c => Class(p, images, c).Recall),
            "macro_f1" => k.Average(c => Class(p, images, c).F1),
            "macro_auroc" => k.Select(c => Area(p, images, c)).Where(a => !double.IsNaN(a)).Average(),
            "balanced_accuracy" => k.Where(c => Share(c) > 0).Average(c => Class(p, images, c).Recall),
            "weighted_precision" => k.Sum(c => Share(c) * Class(p, images, c).Precision),
            "weighted_recall" => k.Sum(c => Share(c) * Class(p, images, c).Recall),
            "weighted_f1" => k.Sum(c => Share(c) * Class(p, images, c).F1),
            "weighted_auroc" => k.Where(c => Share(c) > 0).Sum(c => Share(c) * Area(p, images, c)),
            "nll" => images.Average(i => -Math.Log(p.Probabilities[i, p.Labels[i]])),
            "ece" => Enumerable.Range(0, 15)
                .Sum(b => Math.Abs(images.Where(i => Top(p, i) > b / 15.0 && Top(p, i) <= (b + 1) / 15.0)
                .Sum(i => Top(p, i) - (Guess(p, i) == p.Labels[i] ? 1 : 0)))) / images.Length,
            _ => throw new ArgumentException(name),
        };
    }

    private static (double Precision, double Recall, double F1) Class(Predictions p, int[] images, int k)
    {
        double hits = images.Count(i => p.Labels[i] == k && Guess(p, i) == k), taken = images.Count(i => Guess(p, i) == k),
            are = images.Count(i => p.Labels[i] == k);
        double precision = taken == 0 ? 0 : hits / taken, recall = are == 0 ? 0 : hits / are;
        return (precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }

    private static double Area(Predictions p, int[] images, int k)
    {
        double wins = 0, pairs = 0;
        foreach (var i in images.Where(i => p.Labels[i] == k))
        {
            foreach (var j in images.Where(j => p.Labels[j] != k))
            {
                pairs++;
                wins += p.Probabilities[i, k] > p.Probabilities[j, k]
                    ? 1 : p.Probabilities[i, k] == p.Probabilities[j, k] ? .5 : 0;
            }
        }
        return wins / pairs;
    }

    private static double McNemar(Predictions a, Predictions b)
    {
        int onlyA = 0, onlyB = 0;
        for (int i = 0; i < a.Count; i++)
        {
            bool rightA = Guess(a, i) == a.Labels[i], rightB = Guess(b, i) == b.Labels[i];
            onlyA += rightA && !rightB ? 1 : 0;
            onlyB += rightB && !rightA ? 1 : 0;
        }
        double tail = 0, binomial = 1;
        for (int n = onlyA + onlyB, k = 0; k <= Math.Min(onlyA, onlyB); binomial = binomial * (n - k) / (k + 1), k++)
            tail += binomial * Math.Pow(.5, n);
        return Math.Min(1, 2 * tail);
    }

    private static int Guess(Predictions p, int i) => Enumerable.Range(0, p.Classes.Count).MaxBy(k => p.Probabilities[i, k]);

    private static double Top(Predictions p, int i) =>
        Enumerable.Range(0, p.Classes.Count).Max(k => (double)p.Probabilities[i, k]);
}
