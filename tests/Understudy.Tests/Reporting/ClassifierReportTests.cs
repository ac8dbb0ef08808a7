using System.Globalization;
using System.Xml.Linq;
using Understudy.Evaluation.Statistics;
using Understudy.Reporting;
using Understudy.Reporting.Html;

namespace Understudy.Tests.Reporting;

/// <summary>The report of a study that compares classifiers on the same real images.</summary>
public sealed class ClassifierReportTests : IDisposable
{
    private static readonly BootstrapOptions Few = new(Replicates: 200);
    private static readonly StudyResult Three =
        FabricatedClassifiers.Make(("recipe", [60, 62, 61]), ("mixup", [84, 85, 83]), ("a|b_<i>", [61, 61, 62]));
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Markdown_IsThisText()
    {
        ReportWriter.Write(_folder[""], Three, Few);
        Assert.Equal("""
            # options

            Which classifier does best on real faces?

            **Of 3 classifiers “mixup” did best: .840, .230 [.136, .324] more than “recipe”.** The highest accuracy on the test images: “mixup”, .840 ± .010; the next, “a\|b\_&lt;i>”, .613 ± .006; the first, “recipe”, .610 ± .010. Always answering the most frequent class would get .500.
            “a\|b\_&lt;i>” cannot be told from “recipe” by this test.
            The 95 % intervals hold for both differences at once: what another test set and training again would change.
            Among many rows the highest number is partly luck: expect a little less of the best on other images.

            | classifier | seeds | accuracy | interval | minus “recipe” | NLL | macro F1 | AUROC | precision | recall |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            | recipe | 3 | .610 ± .010 | [.510, .697] |  | .716 ± .011 | .610 ± .010 | .610 ± .010 | .610 ± .010 | .610 ± .010 |
            | mixup | 3 | .840 ± .010 | [.773, .904] | +.230 [+.136, +.324] | .463 ± .011 | .840 ± .010 | .840 ± .010 | .840 ± .010 | .840 ± .010 |
            | a\|b\_&lt;i> | 3 | .613 ± .006 | [.513, .700] | +.003 [−.014, +.021] | .712 ± .006 | .613 ± .006 | .613 ± .006 | .613 ± .006 | .613 ± .006 |
            | majority class | – | .500 |  |  |  |  |  |  |  |

            Measured on 100 real images (the test part of the split). ± is the standard deviation over seeds; the interval is 95 %, from 200 resamples of the test images; that of a difference holds for all rows at once and covers training again. NLL is the mean −ln of the probability of the true class: lower is better. F1, AUROC, precision and recall are macro averages.

            """, File.ReadAllText(_folder[ReportWriter.SummaryMarkdownName]));
    }

    [Fact]
    public void Write_Page_SpeaksOfClassifiersAndOfNoStandIn()
    {
        var page = Page(Three);
        var text = page.Root!.Value + File.ReadAllText(Written(Three, ReportWriter.SummaryMarkdownName));

        foreach (var word in new[] { "stand-in", "synthetic", "control", "trained on different", "minus real" })
            Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("Of 3 classifiers “mixup” did best: .840, .230 [", page.Descendants("h1").Single().Value,
            StringComparison.Ordinal);
        Assert.Contains("3 classifiers, trained on the same 600 images (the real training images), tested on the same 100 real",
            text, StringComparison.Ordinal);
        Assert.Equal(["Classifier", "Seeds", "Accuracy", "NLL", "F1", "AUROC", "Precision", "Recall"],
            page.Descendants("thead").First().Descendants("th").Select(h => h.Value));
        // What all share is said once; what differs stands under each name.
        Assert.Equal(["", "option 1", "option 2"],
            page.Descendants("tbody").First().Elements("tr").Take(3)
                .Select(r => r.Descendants("span").FirstOrDefault(s => s.Attribute("class")?.Value == "why")?.Value ?? ""));
        Assert.Equal(["better", ""],
            page.Descendants("table").Single(t => t.Element("caption")!.Value == "Accuracy minus that of “recipe”")
                .Element("tbody")!.Elements("tr").Select(r => r.Elements("td").Last().Value));
        Assert.Equal(["accuracy of the first, recipe", "accuracy, the highest, of mixup"],
            page.Descendants("ul").First().Descendants("span").Where(s => s.Attribute("class")?.Value == "what")
                .Select(s => s.Value));
    }

    [Fact]
    public void Write_ArmsOfOneTrainingEach_AreStillTrainedOnSomething() =>
        Assert.Equal("Trained on",
            Page(FabricatedStudy.Make(images: 28)).Descendants("thead").First().Descendants("th").First().Value);

    [Fact]
    public void Write_HostileClassifierNames_AreTextAndNothingElse()
    {
        const string name = "<script>alert(1)</script>\"|](x)";
        var study = FabricatedClassifiers.Make(("a", [60, 61]), (name, [80, 81]));
        var page = Page(study with { Arms = [study.Arms[0], study.Arms[1] with { Differs = name }] });

        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName == "script");
        Assert.Equal($"“{name}” did better than “a”: .805, .200 ", page.Descendants("h1").Single().Value.Split('[')[0]);
        Assert.Equal(name,
            page.Descendants("table")
                .First(t => t.Element("caption")!.Value.StartsWith("Accuracy minus", StringComparison.Ordinal)).Descendants("bdi")
                .Single(b => b.Value == name).Value);
        var row = File.ReadAllLines(Written(study, ReportWriter.SummaryMarkdownName))
            .Single(l => l.StartsWith("| &lt;", StringComparison.Ordinal));
        Assert.StartsWith("| &lt;script>alert(1)&lt;/script>\"\\|\\](x) | 2 | .805", row, StringComparison.Ordinal);
    }

    /// <summary>Of many classifiers figures show five; nothing that was measured is missing.</summary>
    [Fact]
    public void Write_TwelveClassifiers_ShowsChosenOnesAndKeepsEveryNumber()
    {
        var study = FabricatedClassifiers.Make(
            [.. Enumerable.Range(0, 12).Select(i => ($"c{i}", new[] { 70 + i * 5 % 12, 71 + i * 5 % 12 }))]);
        var page = Page(study);

        var byAccuracy = Enumerable.Range(0, 12).OrderByDescending(i => i * 5 % 12).ToArray();
        int[] chosen = [.. new[] { 0, byAccuracy[0], byAccuracy[1], byAccuracy[2], byAccuracy[^1] }.Distinct().Order()];
        string[] shown = [.. chosen.Select(i => $"c{i}")];
        var open = page.Descendants("figure")
            .Where(f => f.Attribute("class")?.Value == "confusion" && !f.Ancestors("details").Any());
        Assert.Equal(shown, open.Select(f => f.Descendants("caption").Single().Value));
        Assert.Equal(12, page.Descendants("figure").Count(f => f.Attribute("class")?.Value == "confusion"));
        Assert.All(page.Descendants("ul").Where(u => u.Attribute("class")?.Value == "legend").TakeLast(2),
            l => Assert.Equal(shown, l.Elements("li").Select(i => i.Value.Trim())));

        var expected = ByHand.Numbers(study, Few.Replicates, Few.Seed)
            .Where(e => !e.Key.StartsWith("comparison/", StringComparison.Ordinal)).ToDictionary();
        var printed = page.Descendants("data")
            .Where(d => !d.Attribute("data-key")!.Value.StartsWith("comparison/", StringComparison.Ordinal)).ToArray();
        Assert.Empty(expected.Keys.Except(printed.Select(d => d.Attribute("data-key")!.Value)));
        Assert.All(printed,
            d => Assert.Equal(expected[d.Attribute("data-key")!.Value],
                double.Parse(d.Attribute("value")!.Value, CultureInfo.InvariantCulture), 1e-9));
    }

    /// <summary>
    /// A right answer has the probability .75 and a wrong one .25: −ln .75 where all are right, half of both where half are.
    /// </summary>
    [Fact]
    public void Nll_OfGivenProbabilities_IsWorkedByHand()
    {
        var study = FabricatedClassifiers.Make(("a", [100, 50]), ("b", [0, 0]));
        var page = Page(study);

        double all = -Math.Log(.75), half = -(Math.Log(.75) + Math.Log(.25)) / 2, none = -Math.Log(.25);
        Assert.Equal((all + half) / 2, Number("arm/0/nll/mean"), 1e-7);
        Assert.Equal((half - all) / Math.Sqrt(2), Number("arm/0/nll/sd"), 1e-7);
        Assert.Equal(none, Number("arm/1/nll/mean"), 1e-7);
        var rows = File.ReadAllLines(Written(study, ReportWriter.SummaryMarkdownName)).Where(l => l.StartsWith('|')).ToArray();
        Assert.Equal(["NLL", ".562 ± .388", "1.386 ± .000"], new[] { 0, 2, 3 }.Select(i => rows[i].Split('|')[6].Trim()));

        double Number(string key) =>
            double.Parse(page.Descendants("data").Single(d => d.Attribute("data-key")!.Value == key).Attribute("value")!.Value,
                CultureInfo.InvariantCulture);
    }

    private static XDocument Page(StudyResult study) => Html.Parse(HtmlReport.Write(ReportModel.Compute(study, Few)));

    private string Written(StudyResult study, string file)
    {
        ReportWriter.Write(_folder[""], study, Few);
        return _folder[file];
    }
}
