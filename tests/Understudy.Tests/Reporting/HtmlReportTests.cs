using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Understudy.Evaluation.Statistics;
using Understudy.Reporting;
using Understudy.Reporting.Html;

namespace Understudy.Tests.Reporting;

public class HtmlReportTests
{
    private static readonly BootstrapOptions Few = new(Replicates: 100);

    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "\"quoted\" & 'both'", "😀 joy 👩‍👩‍👧", "غاضب \u202E", new string('w', 60),
        "]]> --> </style> <!--", "a|b*c_d {0} $1 \\",
    ];

    [Fact]
    public void Write_HostileNames_AreTextAndNothingElse()
    {
        var study = FabricatedStudy.Make(Hostile, images: 28, seeds: 1);
        var name = "<img src=x onerror=alert(1)>";
        study = study with
        {
            Name = name,
            Question = name,
            Warnings = [name],
            Data = study.Data with { Source = name, TestSet = name, SplitHash = "<b>\"" },
            Arms = [.. study.Arms.Select((a, i) =>
                a with { Name = $"{name}{i}", Description = name,
                    Runs = [.. a.Runs.Select(r => r with { PredictionsPath = name })] })],
            Generators = [
                study.Generators[0] with { Name = name, Description = name, Losses = [new(name, [new(0, 1), new(1, 2)])],
                    Quality = [new(name, [new(0, 1)])] }],
            References = [study.References[0] with { Name = name, Note = name }],
            Settings = [new(name, name, name)],
            Environment = [new(name, name, name)],
            Times = [new(name, 1)],
            NotRun = [new(name, name)],
        };
        var page = Write(study);
        var elements = page.Descendants().Select(e => e.Name.LocalName).ToHashSet();
        Assert.DoesNotContain("script", elements);
        Assert.DoesNotContain("b", elements);
        Assert.DoesNotContain(page.Descendants().Attributes(),
            a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.All(page.Descendants("img"),
            i => Assert.StartsWith("data:image/png;base64,", i.Attribute("src")!.Value, StringComparison.Ordinal));
        Assert.Single(page.Descendants("style"));
        // Every class name stands in every confusion matrix, whole, and cut off from the direction of the text around it.
        foreach (var table in page.Descendants("table").Where(t => t.Attribute("class")?.Value == "heat"))
        {
            Assert.Equal(Hostile, table.Descendants("tbody").Single().Descendants("th").Select(th => th.Element("bdi")!.Value));
            Assert.Equal(Hostile,
                table.Descendants("tbody").Single().Descendants("th").Select(th => th.Attribute("title")!.Value));
        }
        Assert.Equal(4, page.Descendants("table").Count(t => t.Attribute("class")?.Value == "heat"));
    }

    [Fact]
    public void Write_GeneratorsWithAndWithoutAJudge_DefinesTheJudgesNumbersWhereThereAreSome()
    {
        var study = FabricatedStudy.Make(["a", "b"], images: 8, seeds: 1);
        CurveSeries Curve(string name) => new(name, [new(0, 1), new(1, .5)]);
        var pixels = study.Generators[0] with { Quality = [Curve("Fréchet distance")] };
        string[] Terms(GeneratorResult g) => [.. Write(study with { Generators = [g] }).Descendants("dt").Select(t => t.Value)];

        Assert.DoesNotContain("The judge's", Terms(pixels));
        Assert.Contains("The judge's", Terms(pixels with { Quality = [.. pixels.Quality, Curve("judge's agreement")] }));
    }

    [Fact]
    public void Markup_TextThatXmlCannotCarry_BecomesAReplacementCharacter()
    {
        var text = "a\u0000b\uD800c\uFFFFd\u001Be\tf😀";
        Assert.Equal("<i>a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\tf😀</i>", Markup.Of($"<i>{text}</i>").ToString());
        Assert.Equal("<i title=\"&quot;&#39;&lt;&gt;&amp;\">1.5</i>", Markup.Of($"<i title=\"{"\"'<>&"}\">{1.5}</i>").ToString());
    }

    [Fact]
    public void Write_Anything_NeedsNoOtherFileAndNoScript()
    {
        var html = HtmlReport.Write(ReportModel.Compute(FabricatedStudy.Make(images: 28), Few));
        foreach (var word in new[] { "http", "//", "url(", "@import", "<script", "<link", "<iframe", "javascript:", "srcset" })
            Assert.DoesNotContain(word, Regex.Replace(html, "base64,[A-Za-z0-9+/=]+", ""), StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Anything_CanBeReadAloud()
    {
        var page = Write(FabricatedStudy.Make(images: 28));
        var ids = page.Descendants().Attributes("id").Select(a => a.Value).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(page.Descendants("table"), t => Assert.False(string.IsNullOrWhiteSpace(t.Element("caption")?.Value)));
        Assert.All(page.Descendants("th"), th => Assert.Contains(th.Attribute("scope")?.Value, new[] { "row", "col" }));
        Assert.All(page.Descendants("img"), i => Assert.False(string.IsNullOrWhiteSpace(i.Attribute("alt")?.Value)));
        Assert.All(page.Descendants("svg").Where(s => s.Attribute("aria-hidden") is null), svg =>
        {
            Assert.Equal("img", svg.Attribute("role")!.Value);
            Assert.All(svg.Attribute("aria-labelledby")!.Value.Split(' '), id => Assert.Contains(id, ids));
            Assert.False(string.IsNullOrWhiteSpace(svg.Element("title")!.Value));
            Assert.False(string.IsNullOrWhiteSpace(svg.Element("desc")!.Value));
        });
        Assert.Single(page.Descendants("h1"));
        Assert.Equal(14, page.Descendants("img").Count());
    }

    [Fact]
    public void Write_HundredClasses_IsAHeatMapOfBearableSize()
    {
        string[] names = [.. Enumerable.Range(0, 100).Select(i => $"person {i}")];
        var html = HtmlReport.Write(
            ReportModel.Compute(FabricatedStudy.Make(names, images: 300, seeds: 1) with { Generators = [] }, Few));
        Assert.InRange(html.Length, 100_000, 1_500_000);
        var page = Html.Parse(html);
        Assert.DoesNotContain(page.Descendants("table"), t => t.Attribute("class")?.Value == "heat");
        Assert.Equal(4,
            page.Descendants("svg")
                .Count(s => s.Element("title")?.Value.StartsWith("Confusion matrix", StringComparison.Ordinal) == true));
        Assert.Equal(names,
            page.Descendants("details").First().Descendants("tbody").Single().Descendants("th").Select(t => t.Value));
    }

    [Fact]
    public void Write_OneArmAndNothingElse_IsStillAReport()
    {
        var study = FabricatedStudy.Make(["only"], images: 3, seeds: 1);
        var page = Write(
            study with
            {
                Arms = [study.Arms[0] with { Runs = [study.Arms[0].Runs[0] with { Curve = [] }] }],
                Generators = [],
                References = [],
                NotRun = [],
                Times = [],
                Environment = [],
                Settings = []
            });
        Assert.Equal("No stand-in to judge: no arm was trained on synthetic images alone", page.Descendants("h1").Single().Value);
    }

    [Fact]
    public void Write_CurvesWithoutAFiniteValue_SaySo()
    {
        var study = FabricatedStudy.Make(images: 28);
        var page = Write(
            study with
            {
                Generators =
                [study.Generators[0] with { Losses = [new("loss", [new(0, double.NaN), new(1, double.PositiveInfinity)])] }]
            });
        Assert.Contains("No finite point to draw.", page.Root!.Value, StringComparison.Ordinal);
        Assert.Contains("2 values were no finite numbers", page.Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SheetThatIsNoPng_IsRefusedByName()
    {
        var study = FabricatedStudy.Make(images: 28);
        var model = ReportModel.Compute(
            study with { Generators = [study.Generators[0] with { Sheets = [new("happy", [1, 2, 3], 8)] }] }, Few);
        Assert.Contains("sheet of class 'happy' is not a PNG",
            Assert.Throws<InvalidDataException>(() => HtmlReport.Write(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stylesheet_BothSchemes_HaveTheContrastThatReadersNeed()
    {
        var css = Html.Parse(HtmlReport.Write(ReportModel.Compute(FabricatedStudy.Make(images: 28), Few))).Descendants("style")
            .Single().Value;
        var light = Regex.Matches(css[..css.IndexOf("@media", StringComparison.Ordinal)], @"--(\w+): (#\w{6});")
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var dark = Regex.Matches(
            css[css.IndexOf("@media", StringComparison.Ordinal)..css.IndexOf("* {", StringComparison.Ordinal)],
                @"--(\w+): (#\w{6});").ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.Equal(light.Keys, dark.Keys);
        foreach (var scheme in new[] { light, dark })
        {
            foreach (var text in new[] { "ink", "soft" }) AtLeast(4.5, scheme, text, "paper");
            AtLeast(4.5, scheme, "ink", "alert");
            for (int c = 0; c < 8; c++) AtLeast(3, scheme, $"c{c}", "paper");
            for (int h = 0; h < 10; h++) AtLeast(4.5, scheme, h == 0 ? "t0" : h < 6 ? "t1" : "t6", $"h{h}");
        }

        static void AtLeast(double least, Dictionary<string, string> colours, string a, string b)
        {
            double x = Luminance(colours[a]), y = Luminance(colours[b]);
            Assert.True((Math.Max(x, y) + .05) / (Math.Min(x, y) + .05) >= least, $"{a} {colours[a]} on {b} {colours[b]}");
        }

        // WCAG 2: relative luminance of sRGB.
        static double Luminance(string colour)
        {
            double Channel(int at)
            {
                var v = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
                return v <= .04045 ? v / 12.92 : Math.Pow((v + .055) / 1.055, 2.4);
            }
            return .2126 * Channel(1) + .7152 * Channel(3) + .0722 * Channel(5);
        }
    }

    private static XDocument Write(StudyResult study) => Html.Parse(HtmlReport.Write(ReportModel.Compute(study, Few)));
}
