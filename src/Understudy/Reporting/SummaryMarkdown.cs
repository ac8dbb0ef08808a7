using System.Text;
using Understudy.Evaluation.Utility;

namespace Understudy.Reporting;

/// <summary>summary.md: the verdict and the table, for a pull request or a note. Like summary.json it holds no times.</summary>
internal static class SummaryMarkdown
{
    public static string Write(ReportModel model)
    {
        var study = model.Study;
        var text = new StringBuilder();
        var rows = model.RowsAre.ToLowerInvariant();
        Line($"# {Escape(study.Name)}");
        Line();
        Line(Escape(study.Question));
        Line();
        Line($"**{Escape(model.Verdict.Title)}.** {Escape(model.Verdict.Headline)}");
        foreach (var detail in model.Verdict.Details) Line(Escape(detail));
        Line();
        Scores(model.Test);
        foreach (var r in study.References)
        {
            Row([$"{r.Name} (printed elsewhere: {r.About})", Numbers.None, Numbers.Share(r.Accuracy), "",
                .. model.Test.ComparesClassifiers ? [""] : (string[])[], "",
                Numbers.Share(r.F1), Numbers.Share(r.Auroc), Numbers.Share(r.Precision), Numbers.Share(r.Recall)]);
        }
        Line();
        Line($"Measured on {Numbers.Count(model.TestImages)} real images ({Escape(study.Data.TestSet)}). ± is the standard "
            + "deviation over seeds; "
            + $"the interval is {Numbers.Level(model.Bootstrap.Level)}, from {Numbers.Count(model.Bootstrap.Replicates)} "
            + "resamples of the test "
            + $"images{(model.Test.ComparesClassifiers ? $"; that of a difference holds for all rows at once{(model.Arms.Any(a => a.PerSeed.Count > 1) ? " and covers training again" : "")}" : "")}. NLL is "
            + "the mean −ln of the probability of the true class: lower is better. F1, AUROC, precision and recall are macro averages"
            + $"{(study.References.Count > 0 ? "; those printed elsewhere are averaged as their rows say" : "")}.");
        foreach (var s in model.Scorings)
        {
            Line();
            Line($"## Scored {Escape(s.How.Name)}");
            Line();
            Line($"{Escape(s.How.Description)} {Numbers.Count(s.Scores.Images)} images count"
                + $"{(s.LeftOut.Count == 0 ? "" : $"; left out: {Escape(string.Join(", ", s.LeftOut.Select(r => $"{r.Reason} ({Numbers.Count(r.Images)})")))}")}"
                + $"{(s.How.Labels is null ? "" : $"; {Numbers.Count(s.Relabelled)} have another label than their own")}.");
            Line();
            Scores(s.Scores);
        }
        Weighted(model);
        List("Worth knowing", model.Warnings);
        List("Not run", [.. study.NotRun.Select(n => $"{n.Name}: {n.Reason}")]);
        return text.ToString();

        static string Minus(TestScores test, ArmScores arm) =>
            test.Comparisons.FirstOrDefault(c => c.Arm == arm.Arm.Name) is { } c
            ? $"{Numbers.Signed(c.Difference)} {Numbers.SignedInterval(c.Interval)}" : "";

        void Line(string line = "") => text.Append(line).Append('\n');

        void Scores(TestScores test)
        {
            string[] minus = test.ComparesClassifiers ? [$"minus “{test.Arms[0].Arm.Name}”"] : [];
            Row([rows, "seeds", "accuracy", "interval", .. minus, "NLL", "macro F1", "AUROC", "precision", "recall"]);
            Line($"|---|{string.Concat(Enumerable.Repeat("---:|", 8 + minus.Length))}");
            foreach (var arm in test.Arms)
            {
                Row([arm.Arm.Name + (arm.Arm.RealAssisted ? " (real-assisted)" : ""), Numbers.Count(arm.PerSeed.Count),
                    Numbers.WithSd(arm[Measure.Accuracy].Seeds), Numbers.Interval(arm[Measure.Accuracy].Interval),
                    .. minus.Select(_ => Minus(test, arm)), Numbers.WithSd(arm.Nll),
                    .. Enum.GetValues<Measure>().Skip(1).Select(m => Numbers.WithSd(arm[m].Seeds))]);
            }
            Row(["majority class", Numbers.None, Numbers.Share(test.Majority.Accuracy), "", .. minus.Select(_ => ""), "", "", "",
                "", ""]);
        }

        void Weighted(ReportModel model)
        {
            var references = study.References.Where(r => r.Average == Averaging.Weighted).ToList();
            if (references.Count == 0) return;
            Line();
            Line("## Weighted averages");
            Line();
            Row(rows, "accuracy", "weighted F1", "AUROC", "precision", "recall");
            Line("|---|---:|---:|---:|---:|---:|");
            foreach (var arm in model.Arms)
            {
                Row([arm.Arm.Name, .. new[]
                {
                    arm[Measure.Accuracy].Seeds, arm.Over(s => s.Metrics.Weighted.F1), arm.Over(s => s.WeightedAuroc),
                    arm.Over(s => s.Metrics.Weighted.Precision), arm.Over(s => s.Metrics.Weighted.Recall),
                }.Select(Numbers.WithSd)]);
            }
            foreach (var r in references)
                Row([r.Name, .. new[] { r.Accuracy, r.F1, r.Auroc, r.Precision, r.Recall }.Select(Numbers.Share)]);
        }

        void Row(params string[] cells) => Line($"| {string.Join(" | ", cells.Select(Escape))} |");

        void List(string title, IReadOnlyCollection<string> items)
        {
            if (items.Count == 0) return;
            Line();
            Line($"## {title}");
            Line();
            foreach (var item in items) Line($"- {Escape(item)}");
        }
    }

    /// <summary>Names are untrusted: nothing in them becomes markup, a cell's end or a new line.</summary>
    private static string Escape(string text)
    {
        var s = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c)) s.Append(' ');
            else if (c == '<') s.Append("&lt;");
            else if (c == '&') s.Append("&amp;");
            else if (c is '|' or '*' or '_' or '`' or '\\') s.Append('\\').Append(c);
            else if (c == ']' && i + 1 < text.Length && text[i + 1] is '(' or '[' or ':') s.Append('\\').Append(c);
            else s.Append(c);
        }
        return s.ToString();
    }
}
