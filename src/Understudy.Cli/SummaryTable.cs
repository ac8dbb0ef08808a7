using System.Text.Json;
using Understudy.Reporting;

namespace Understudy.Cli;

/// <summary>The arms of a summary.json as a table of aligned columns.</summary>
internal static class SummaryTable
{
    private static readonly (string Key, string Title)[] Columns =
        [("accuracy", "accuracy"), ("macro_f1", "F1"), ("macro_auroc", "AUROC"), ("macro_precision", "precision"),
            ("macro_recall", "recall")];

    public static void Write(JsonElement summary, TextWriter output)
    {
        var compares = summary.GetProperty("compares_classifiers").GetBoolean();
        var first = compares ? "classifier" : "trained on";
        List<string[]> rows = [[first, Columns[0].Title, "NLL", .. Columns.Skip(1).Select(c => c.Title)]];
        foreach (var arm in summary.GetProperty("arms").EnumerateArray())
        {
            var measures = arm.GetProperty("measures");
            string[] cells = [.. Columns.Select(c => Cell(measures.GetProperty(c.Key)))];
            rows.Add([arm.GetProperty("name").GetString()!, cells[0], Cell(arm.GetProperty("nll")), .. cells.Skip(1)]);
        }
        var test = summary.GetProperty("test");
        rows.Add([$"always {test.GetProperty("majority_class").GetString()}", Number(test.GetProperty("majority_accuracy")),
            .. Enumerable.Repeat("", Columns.Length)]);
        output.Write(TextTable.Of(rows));
        if (compares) output.WriteLine($"{summary.GetProperty("verdict").GetProperty("title").GetString()}.");
        var images = Numbers.Count(test.GetProperty("images").GetInt32());
        output.WriteLine($"on {images} real test images; ± standard deviation over seeds; macro averages");
    }

    private static string Cell(JsonElement measure) =>
        Number(measure.GetProperty("mean"))
            + (measure.GetProperty("sd") is { ValueKind: JsonValueKind.Number } sd ? $" ± {Number(sd)}" : "");

    private static string Number(JsonElement e) => Numbers.Share(e.ValueKind == JsonValueKind.Number ? e.GetDouble() : null);
}
