using Understudy.Reporting.Html;

namespace Understudy.Reporting.Figures;

/// <param name="Faint">Drawn thin and pale, and left out of the legend: one seed behind the mean of all.</param>
internal sealed record Line(string Name, IReadOnlyList<CurvePoint> Points, LineStyle Style, bool Faint = false);

/// <summary>Lines over a common axis, as an SVG with title and description, and a legend in HTML that wraps on a phone.</summary>
internal static class LineChart
{
    public const int MostPoints = 240;

    internal const double Width = 440, Height = 250;

    private const double Left = 48, Right = 14, Top = 10, Bottom = 40;

    /// <param name="title">What the chart shows: read aloud, not drawn.</param>
    public static Markup Draw(string title, string xLabel, string yLabel, IReadOnlyList<Line> lines)
    {
        var drawn = Drawable(lines);
        return drawn.Length == 0 ? Markup.Of($"<p class=\"note\">No finite point to draw.</p>") : Markup.Of($"""
            {Svg(title, xLabel, yLabel, drawn)}
            <ul class="legend">{drawn.Where(l => !l.Faint).Select(Legend)}</ul>
            """);
    }

    /// <summary>
    /// What there is to draw of the lines: finite points, not too many and all lines smoothed alike, and no line without one.
    /// </summary>
    internal static Line[] Drawable(IReadOnlyList<Line> lines)
    {
        var finite = lines.Select(l => l with { Points = [.. l.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))] })
            .Where(l => l.Points.Count > 0).ToArray();
        if (finite.Length == 0) return [];
        var size = (finite.Max(l => l.Points.Count) + MostPoints - 1) / MostPoints;
        return [.. finite.Select(l => l with { Points = Thin(l.Points, size) })];
    }

    /// <summary>The drawing alone.</summary>
    /// <param name="drawn"><see cref="Drawable"/> ones, one at least.</param>
    /// <param name="place">Attributes of the element: where it is within another.</param>
    internal static Markup Svg(string title, string xLabel, string yLabel, Line[] drawn, Markup place = default)
    {
        var points = drawn.SelectMany(l => l.Points).ToArray();
        // There is no epoch one and a half.
        var whole = points.All(p => p.X == Math.Round(p.X));
        Scale x = new(points.Min(p => p.X), points.Max(p => p.X), ticks: 7, tight: true, whole),
            y = new(points.Min(p => p.Y), points.Max(p => p.Y));
        double X(double v) => Left + x.Place(v) * (Width - Left - Right);
        double Y(double v) => Height - Bottom - y.Place(v) * (Height - Top - Bottom);
        var id = Anchor.Of(title);
        return Markup.Of($"""
            <svg viewBox="0 0 {Width} {Height}" role="img"{place} aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}</title>
            <desc id="{id}-d">{Describe(xLabel, yLabel, drawn)}</desc>
            {y.Ticks.Select(t => Level(Y(t), y.Label(t)))}
            {x.Ticks.Select(t => Label("tick", X(t), Height - Bottom + 16, "middle", x.Label(t)))}
            <line class="axis" x1="{Left}" x2="{Width - Right}" y1="{Height - Bottom}" y2="{Height - Bottom}"/>
            <text class="label" x="{Left + (Width - Left - Right) / 2}" y="{Height - 6}" text-anchor="middle">{xLabel}</text>
            <text class="label" transform="translate(11 {Top + (Height - Top - Bottom) / 2}) rotate(-90)" text-anchor="middle">{yLabel}</text>
            {drawn.OrderByDescending(l => l.Faint).Select(l => Path(l, X, Y))}</svg>
            """);
    }

    private static Markup Level(double y, string label) => Markup.Of(
        $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y}\" y2=\"{y}\"/>{Label("tick", Left - 6, y + 4, "end", label)}");

    private static Markup Label(string kind, double x, double y, string anchor, string text) => Markup.Of(
        $"<text class=\"{kind}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>");

    private static Markup Path(Line line, Func<double, double> x, Func<double, double> y)
    {
        if (line.Points.Count == 1)
            return Markup.Of(
                $"<circle class=\"dot {line.Style.Colour}\" cx=\"{x(line.Points[0].X)}\" cy=\"{y(line.Points[0].Y)}\" r=\"3\"/>");
        var d = Markup.Join(line.Points.Select((p, i) => Markup.Of($"{(i == 0 ? "M" : "L")}{x(p.X)} {y(p.Y)}")));
        return line.Faint
            ? Markup.Of($"<path class=\"faint {line.Style.Colour}\" d=\"{d}\"/>")
            : Markup.Of($"<path class=\"line {line.Style.Colour}\" stroke-dasharray=\"{line.Style.Dash}\" d=\"{d}\"/>");
    }

    private static Markup Legend(Line line) => Markup.Of($"""
        <li><svg class="swatch" viewBox="0 0 28 8" aria-hidden="true">
        <path class="line {line.Style.Colour}" stroke-dasharray="{line.Style.Dash}" d="M1 4L27 4"/></svg><bdi>{line.Name}</bdi></li>
        """);

    private static string Describe(string xLabel, string yLabel, Line[] lines) => $"{yLabel} over {xLabel}. "
        + string.Join(" ",
            lines.Where(l => !l.Faint)
                .Select(l => Numbers.Inv($"{l.Name}: from {l.Points[0].Y:0.###} to {l.Points[^1].Y:0.###}.")));

    /// <summary>Means of neighbours, so that a long run does not make a large file.</summary>
    private static IReadOnlyList<CurvePoint> Thin(IReadOnlyList<CurvePoint> points, int size) => size == 1 ? points
        : [.. points.Chunk(size).Select(c => new CurvePoint(c.Average(p => p.X), c.Average(p => p.Y)))];
}
