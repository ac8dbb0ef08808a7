using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Understudy.Evaluation;
using Understudy.Evaluation.Statistics;
using Understudy.Reporting;

namespace Understudy.Tests.Reporting;

/// <summary>Every number of report.html, summary.json and summary.md against the predictions.csv files they name.</summary>
public sealed class RecomputedTests(RecomputedTests.Written written) : IClassFixture<RecomputedTests.Written>
{
    private readonly string _folder = written.Folder;
    private readonly Dictionary<string, double> _expected = written.Expected;
    private readonly StudyResult _study = written.Study;

    public sealed class Written : IDisposable
    {
        private static readonly BootstrapOptions Options = new(Replicates: 100, Seed: 11);

        public Written()
        {
            ReportWriter.Write(Folder, Study, Options);
            foreach (var run in Study.Arms.SelectMany(a => a.Runs))
                run.Predictions.Save(Path.Combine(Folder, run.PredictionsPath));
            var loaded = Study.Arms.Select(a =>
                a with
                {
                    Runs = [
                    .. a.Runs.Select(r => r with { Predictions = Predictions.Load(Path.Combine(Folder, r.PredictionsPath)) })]
                });
            Expected = ByHand.Numbers(Study with { Arms = [.. loaded] }, Options.Replicates, Options.Seed);
        }

        internal string Folder { get; } = Directory.CreateTempSubdirectory("understudy-report-").FullName;

        /// <summary>Classes of unequal size.</summary>
        internal StudyResult Study { get; } = FabricatedStudy.Rescored(FabricatedStudy.Make(["a", "b", "c", "d"], images: 50));

        internal Dictionary<string, double> Expected { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }

    [Fact]
    public void Html_EveryNumber_FollowsFromThePredictions()
    {
        var html = Html.Load(Path.Combine(_folder, ReportWriter.HtmlName));
        var printed = html.Descendants("data").ToArray();
        foreach (var number in printed)
        {
            var key = number.Attribute("data-key")!.Value;
            Assert.True(_expected.TryGetValue(key, out var value), $"nobody knows {key}");
            Assert.Equal(value, double.Parse(number.Attribute("value")!.Value, CultureInfo.InvariantCulture), 1e-9);
            AssertRounded(key, value, number.Value);
        }
        // And none is missing.
        Assert.Empty(_expected.Keys.Except(printed.Select(n => n.Attribute("data-key")!.Value)));
        // The figure's labels are numbers too.
        var labels = html.Descendants("text").Where(t => t.Attribute("class")?.Value == "value").Select(t => Decimals(t.Value))
            .ToArray();
        Assert.Equal(_study.Arms.Count, labels.Length);
        for (int i = 0; i < labels.Length; i++) AssertRounded(labels[i], $"arm/{i}/accuracy", "mean", "low", "high");
    }

    [Fact]
    public void Json_EveryNumber_FollowsFromThePredictions()
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, ReportWriter.SummaryJsonName)))!;
        for (int a = 0; a < _study.Arms.Count; a++)
        {
            var arm = json["arms"]![a]!;
            foreach (var m in ByHand.Measures)
            {
                foreach (var part in new[] { "mean", "sd", "low", "high" })
                    Same($"arm/{a}/{m}/{part}", arm["measures"]![m]![part]!);
            }
            foreach (var m in new[] { "balanced_accuracy", "weighted_precision", "weighted_recall", "weighted_f1", "nll", "ece" })
            {
                foreach (var part in new[] { "mean", "sd" }) Same($"arm/{a}/{m}/{part}", arm[m]![part]!);
            }
            for (int k = 0; k < 4; k++)
            {
                foreach (var m in new[] { "precision", "recall", "f1", "auroc" })
                    Same($"arm/{a}/class/{k}/{m}", arm["per_class"]![k]![m]!);
                for (int j = 0; j < 4; j++) Same($"arm/{a}/confusion/{k}/{j}", arm["confusion"]![k]![j]!);
            }
            for (int r = 0; r < 3; r++) Same($"arm/{a}/run/{r}/accuracy", arm["runs"]![r]!["accuracy"]!);
        }
        for (int c = 0; c < 3; c++)
        {
            var comparison = json["comparisons"]![c]!;
            Same($"comparison/{c}/difference", comparison["accuracy_difference"]!);
            Same($"comparison/{c}/low", comparison["low"]!);
            Same($"comparison/{c}/high", comparison["high"]!);
            Assert.Equal(_expected[$"comparison/{c}/p_holm"],
                comparison["mcnemar"]!.AsArray().Max(t => t!["p_holm"]!.GetValue<double>()), 1e-9);
        }
        for (int s = 0; s < _study.Scorings.Count; s++)
        {
            var scoring = json["scorings"]![s]!;
            Same($"scoring/{s}/images", scoring["images"]!);
            Same($"scoring/{s}/majority", scoring["majority_accuracy"]!);
            for (int a = 0; a < _study.Arms.Count; a++)
            {
                foreach (var part in new[] { "mean", "sd" })
                    Same($"scoring/{s}/arm/{a}/nll/{part}", scoring["arms"]![a]!["nll"]![part]!);
                foreach (var m in ByHand.Measures)
                {
                    foreach (var part in new[] { "mean", "sd", "low", "high" })
                        Same($"scoring/{s}/arm/{a}/{m}/{part}", scoring["arms"]![a]!["measures"]![m]![part]!);
                    for (int r = 0; r < 3; r++) Same($"scoring/{s}/arm/{a}/run/{r}/{m}", scoring["arms"]![a]!["runs"]![r]![m]!);
                }
            }
        }
        Same("majority/accuracy", json["test"]!["majority_accuracy"]!);
        double real = _expected["arm/0/accuracy/mean"], synthetic = _expected["arm/1/accuracy/mean"],
            control = _expected["arm/3/accuracy/mean"];
        Assert.Equal((synthetic - control) / (real - control), json["verdict"]!["kept_share"]!.GetValue<double>(), 1e-9);
        var headline = Decimals(json["verdict"]!["headline"]!.GetValue<string>());
        Assert.Equal(6, headline.Length);
        AssertRounded(headline[..2], "arm/1/accuracy", "mean", "sd");
        AssertRounded(headline[2..4], "arm/0/accuracy", "mean", "sd");
        AssertRounded(headline[4..], "arm/3/accuracy", "mean", "sd");

        void Same(string key, JsonNode node) => Assert.Equal(_expected[key], node.GetValue<double>(), 1e-9);
    }

    [Fact]
    public void Markdown_EveryRow_FollowsFromThePredictions()
    {
        var rows = File.ReadAllLines(Path.Combine(_folder, ReportWriter.SummaryMarkdownName)).Where(l => l.StartsWith('|'))
            .Skip(2).ToArray();
        for (int a = 0; a < _study.Arms.Count; a++)
        {
            Assert.StartsWith($"| {_study.Arms[a].Name}", rows[a], StringComparison.Ordinal);
            var numbers = Decimals(rows[a]);
            AssertRounded(numbers[..4], $"arm/{a}/accuracy", "mean", "sd", "low", "high");
            AssertRounded(numbers[4..6], $"arm/{a}/nll", "mean", "sd");
            for (int m = 1; m < ByHand.Measures.Length; m++)
                AssertRounded(numbers[(4 + 2 * m)..(6 + 2 * m)], $"arm/{a}/{ByHand.Measures[m]}", "mean", "sd");
        }
        AssertRounded("majority", _expected["majority/accuracy"], Decimals(rows[_study.Arms.Count])[0]);
    }

    private static string[] Decimals(string text) => [.. Regex.Matches(text, @"[−+]?\d*\.\d+").Select(m => m.Value)];

    private void AssertRounded(string[] texts, string key, params string[] parts)
    {
        Assert.Equal(parts.Length, texts.Length);
        for (int i = 0; i < parts.Length; i++) AssertRounded(key, _expected[$"{key}/{parts[i]}"], texts[i]);
    }

    private static void AssertRounded(string key, double value, string text)
    {
        if (text == "< .001") Assert.True(value < .001, key);
        else Assert.True(
            Math.Abs(value
                - double.Parse(text.Replace('−', '-'), NumberStyles.Float | NumberStyles.AllowThousands,
                    CultureInfo.InvariantCulture)) <= .0005 + 1e-9, $"{key} is {value}, printed {text}");
    }
}
