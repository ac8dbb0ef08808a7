using Understudy.Reporting.Html;

namespace Understudy.Reporting.Figures;

/// <summary>
/// How generators' trainings went, as one SVG that stands alone: of one training its losses in one chart and a chart for every
/// measure of quality, of several a chart for everything with a line for each training.
/// </summary>
internal static class CurveSheet
{
    private const double Gap = 28, Name = 24, Row = 16, PerLetter = 6.6, Swatch = 34;
    private const int Columns = 2, MostLetters = 48;

    /// <summary>What the title of every such sheet begins with.</summary>
    public const string Title = "Training of ";

    /// <summary>The whole file's text.</summary>
    /// <param name="trainings">By name, one at least.</param>
    public static string Draw(IReadOnlyList<(string Name, GeneratorCurves Curves)> trainings)
    {
        ArgumentNullException.ThrowIfNull(trainings);
        var charts = trainings is [var only] ? Charts(only.Curves) : Charts(trainings);
        var rows = charts.Select(c => (c.Name, Lines: LineChart.Drawable(c.Lines))).Where(c => c.Lines.Length > 0)
            .Chunk(Columns);
        double width = Columns * LineChart.Width + (Columns + 1) * Gap, y = Gap;
        var panels = new List<Markup>();
        foreach (var row in rows)
        {
            var legends = row.Select((c, i) => Legend(c.Lines, Left(i), y + Name)).ToArray();
            var top = y + Name + legends.Max(l => l.Height);
            panels.AddRange(row.Select((c, i) => Panel(c.Name, c.Lines, Left(i), y, legends[i].Drawn, top)));
            y = top + LineChart.Height + Gap;
        }
        var title = $"{Title}{string.Join(", ", trainings.Select(t => t.Name))}";
        return Markup.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" role="img"><title>{title}</title>
            <style>{Markup.Trusted(Style.Of("figure.css"))}text.name {"{"} font-size: 14px; font-weight: 600; fill: var(--ink); {"}"}</style>
            <rect width="{width}" height="{y}" fill="var(--paper)"/>
            {panels}</svg>

            """).ToString();

        static double Left(int column) => Gap + column * (LineChart.Width + Gap);
    }

    private static IEnumerable<(string Name, Line[] Lines)> Charts(GeneratorCurves training) =>
    [
        ("losses", [.. training.Losses.Select((s, i) => new Line(s.Name, s.Points, Palette.At(i)))]),
        .. training.Quality.Select((s, i) => (s.Name, (Line[])[new(s.Name, s.Points, Palette.At(i))])),
    ];

    private static IEnumerable<(string Name, Line[] Lines)> Charts(IReadOnlyList<(string Name, GeneratorCurves Curves)> trainings)
    {
        var all = trainings.Select((t, i) => (t.Name, Style: Palette.At(i),
            Series: t.Curves.Quality.Concat(t.Curves.Losses.Select(s => s with { Name = $"loss of the {s.Name}" })))).ToArray();
        return all.SelectMany(t => t.Series.Select(s => s.Name)).Distinct().Select(name => (name, (Line[])[.. all.SelectMany(t =>
            t.Series.Where(s => s.Name == name).Select(s => new Line(t.Name, s.Points, t.Style)))]));
    }

    private static Markup Panel(string name, Line[] lines, double x, double y, Markup legend, double top)
    {
        var place = Markup.Of($"""
             x="{x}" y="{top}" width="{LineChart.Width}" height="{LineChart.Height}"
            """);
        return Markup.Of($"""
            <text class="name" x="{x}" y="{y + Row}">{name}</text>
            {legend}
            {LineChart.Svg(name, "thousands of images shown (kimg)", name, lines, place)}

            """);
    }

    /// <summary>A name beside a piece of each line, in as many rows as they need; none for a line that is named above.</summary>
    private static (Markup Drawn, double Height) Legend(Line[] lines, double left, double top)
    {
        if (lines.Length < 2) return default;
        var (x, y) = (left, top);
        var entries = new List<Markup>();
        foreach (var line in lines)
        {
            var name = DotChart.Shorten(line.Name, MostLetters);
            var length = Swatch + name.Length * PerLetter + Row;
            if (x > left && x + length > left + LineChart.Width) (x, y) = (left, y + Row);
            entries.Add(Markup.Of($"""
                <path class="line {line.Style.Colour}" stroke-dasharray="{line.Style.Dash}" d="M{x} {y + 8}L{x + Swatch - 6} {y + 8}"/>
                <text x="{x + Swatch}" y="{y + 12}">{name}</text>

                """));
            x += length;
        }
        return (Markup.Join(entries), y + Row - top + 4);
    }
}
