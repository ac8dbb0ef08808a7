using System.Text;
using Understudy.Common;
using Understudy.Evaluation;
using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;
using Understudy.Reporting;

namespace Understudy.Cli.Verbs;

/// <summary>One predictions.csv under one scoring, and how several are printed.</summary>
internal sealed record EvaluatedFile(string Path, Scores Scores, Bootstrap Bootstrap)
{
    /// <summary>How it was scored; null: as it stands.</summary>
    public Rescoring? How { get; init; }

    /// <summary>Images that do not count, by reason.</summary>
    public IReadOnlyList<(string Reason, int Images)> LeftOut { get; init; } = [];

    private static readonly Measure[] Measures = Enum.GetValues<Measure>();

    /// <summary>A table with one row per file and scoring; the interval of each number stands under it.</summary>
    public static string ToText(IReadOnlyList<EvaluatedFile> files, BootstrapOptions options)
    {
        var several = files.Any(f => f.How is not null);
        string[] Scored(string text) => several ? [text] : [];
        var rows = new List<string[]> { (string[])["predictions", .. Scored("scored"), "images", "accuracy", "macro F1", "AUROC",
            "precision", "recall"] };
        foreach (var f in files)
        {
            rows.Add([f.How is null ? f.Path : "", .. Scored(f.How?.Name ?? "all images"), Numbers.Count(f.Scores.Count),
                .. Measures.Select(m => Numbers.Share(f.Scores[m]))]);
            rows.Add(["", .. Scored(""), "", .. Measures.Select(m => Numbers.Interval(f.Bootstrap.Interval(m)))]);
        }
        var text = new StringBuilder(TextTable.Of(rows, left: several ? 2 : 1));
        text.Append(
            $"\n[{Numbers.Level(options.Level)} interval over test images, {Numbers.Count(options.Replicates)} resamples, ")
            .Append(Numbers.Inv($"seed {options.Seed}]; F1, precision and recall are macro averages\n"));
        foreach (var how in files.Where(f => f.How is not null).DistinctBy(f => f.How!.Name))
        {
            text.Append($"{how.How!.Name}: {how.How.Description}");
            text.Append(how.LeftOut.Count == 0
                ? "\n" : $" Here: {string.Join(", ", how.LeftOut.Select(r => $"{r.Reason} ({Numbers.Count(r.Images)})"))}.\n");
        }
        foreach (var f in files)
        {
            foreach (var note in f.Scores.Notes())
                text.Append(files.Count > 1 ? $"{f.Path}{(f.How is null ? "" : $", {f.How.Name}")}: {note}\n" : $"{note}\n");
        }
        return text.ToString();
    }

    public static string ToJson(IReadOnlyList<EvaluatedFile> files, BootstrapOptions options) => StrictJson.Write(new
    {
        Bootstrap = new { options.Replicates, options.Level, options.Seed },
        Tests = files.Select(f => new
        {
            Predictions = f.Path,
            Scored = f.How?.Name,
            Images = f.Scores.Count,
            LeftOut = f.LeftOut.Select(r => new { r.Reason, r.Images }),
            Measures = Measures.ToDictionary(
                m => m.Word(),
                m => new { Value = f.Scores[m], f.Bootstrap.Interval(m).Low, f.Bootstrap.Interval(m).High }),
            f.Scores.Metrics.BalancedAccuracy,
            f.Scores.Metrics.Weighted,
            f.Scores.Nll,
            f.Scores.Ece,
            Classes = f.Scores.Classes.Select((name, k) => new
            {
                Name = name,
                f.Scores.Metrics.PerClass[k].Support,
                f.Scores.Metrics.PerClass[k].Predicted,
                f.Scores.Metrics.PerClass[k].Score.Precision,
                f.Scores.Metrics.PerClass[k].Score.Recall,
                f.Scores.Metrics.PerClass[k].Score.F1,
                Auroc = f.Scores.Auroc.PerClass[k],
            }),
            Confusion = f.Scores.Classes.Select((_, i) => f.Scores.Classes.Select((_, j) => f.Scores.Confusion[i, j]).ToArray()),
            Notes = f.Scores.Notes(),
        }),
    });
}
