using Understudy.Reporting.Html;

namespace Understudy.Reporting.Figures;

/// <summary>
/// How generators' trainings went, as one SVG that stands alone: of one training its losses in one chart and a chart for every
/// measure of quality, of several a chart for everything with a line for each training.
/// </summary>
public static class CurveSheet
{
    private const double Gap = 28, Name = 24, Row = 16, PerLetter = 6.6, Swatch = 34;
    private const int Columns = 2;

    /// <summary>The whole file's text.</summary>
    /// <param name="trainings">By name, one at least.</param>
    public static string Draw(IReadOnlyList<(string Name, GeneratorCurves Curves)> trainings)
    {
        ArgumentNullException.ThrowIfNull(trainings);
        var charts = trainings is [var only] ? Charts(only.Curves) : Charts(trainings);
        var rows = charts.Select(c => (c.Name, Lines: LineChart.Drawable(c.Lines))).Where(c => c.Lines.Length > 0)
            .Chunk(Columns).ToArray();
        double width = Columns * LineChart.Width + (Columns + 1) * Gap, y = Gap;
        var panels = new List<Markup>();
        foreach (var row in rows)
        {
            var legend = row.Max(c => Legend(c.Lines, 0, 0).Height);
            panels.AddRange(row.Select((c, i) => Panel(c.Name, c.Lines, Gap + i * (LineChart.Width + Gap), y, legend)));
            y += Name + legend + LineChart.Height + Gap;
        }
        var title = $"Training of {string.Join(", ", trainings.Select(t => t.Name))}";
        return Markup.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" role="img"><title>{title}</title>
            <style>{Markup.Trusted(Style.Of("figure.css"))}text.name {"{"} font-size: 14px; font-weight: 600; fill: var(--ink); {"}"}</style>
            <rect width="{width}" height="{y}" fill="var(--paper)"/>
            {panels}</svg>

            """).ToString();
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

    private static Markup Panel(string name, Line[] lines, double x, double y, double legendHeight)
    {
        var place = Markup.Of($"""
             x="{x}" y="{y + Name + legendHeight}" width="{LineChart.Width}" height="{LineChart.Height}"
            """);
        return Markup.Of($"""
            <text class="name" x="{x}" y="{y + Row}">{name}</text>
            {Legend(lines, x, y + Name).Drawn}
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
            var length = Swatch + line.Name.Length * PerLetter + Row;
            if (x > left && x + length > left + LineChart.Width) (x, y) = (left, y + Row);
            entries.Add(Markup.Of($"""
                <path class="line {line.Style.Colour}" stroke-dasharray="{line.Style.Dash}" d="M{x} {y + 8}L{x + Swatch - 6} {y + 8}"/>
                <text x="{x + Swatch}" y="{y + 12}">{line.Name}</text>

                """));
            x += length;
        }
        return (Markup.Join(entries), y + Row - top + 4);
    }
}
