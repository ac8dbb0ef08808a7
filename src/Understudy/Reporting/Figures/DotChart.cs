using Understudy.Evaluation.Statistics;
using Understudy.Reporting.Html;

namespace Understudy.Reporting.Figures;

/// <param name="Seeds">One value per seed, drawn as rings.</param>
internal sealed record DotRow(string Name, double Mean, Interval Interval, IReadOnlyList<double> Seeds, LineStyle Style);

/// <summary>
/// One row per arm on an axis from 0 to 1, or on one as long as the data where rows are close: the mean as a dot, its interval as
/// a bar, the seeds as rings.
/// </summary>
internal static class DotChart
{
    private const double Width = 440, Left = 8, Right = 16, RowHeight = 50, Top = 6, Bottom = 40;

    /// <param name="marker">A vertical line with its name, such as the majority class.</param>
    /// <param name="close">The axis begins and ends with the data.</param>
    public static Markup Draw(string title, string xLabel, IReadOnlyList<DotRow> rows, (string Name, double Value) marker,
        bool close = false)
    {
        var shown = rows.SelectMany(r => r.Seeds.Append(r.Interval.Low).Append(r.Interval.High)).Append(marker.Value)
            .Where(double.IsFinite).ToArray();
        var scale = close ? new Scale(shown.Min(), shown.Max()) : new Scale(0, 1);
        var height = Top + rows.Count * RowHeight + Bottom;
        double X(double v) => Left + scale.Place(v) * (Width - Left - Right);
        var id = Anchor.Of(title);
        return Markup.Of($"""
            <svg viewBox="0 0 {Width} {height}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}</title>
            <desc id="{id}-d">{string.Join(" ", rows.Select(Describe))} {marker.Name}: {Numbers.Share(marker.Value)}.</desc>
            {scale.Ticks.Select(t => Tick(X(t), height - Bottom, scale.Label(t)))}
            <line class="marker" x1="{X(marker.Value)}" x2="{X(marker.Value)}" y1="{Top}" y2="{height - Bottom}"/>
            {rows.Select((r, i) => Row(r, Top + i * RowHeight, X))}
            <text class="label" x="{Left + (Width - Left - Right) / 2}" y="{height - 6}" text-anchor="middle">{xLabel}</text></svg>
            <ul class="legend"><li><svg class="swatch" viewBox="0 0 28 8" aria-hidden="true"><line class="marker" x1="1" x2="27" y1="4" y2="4"/></svg>
            {marker.Name}</li></ul>
            """);
    }

    private static string Describe(DotRow row) =>
        $"{row.Name}: {Numbers.Share(row.Mean)}, interval {Numbers.Interval(row.Interval)}.";

    private static Markup Tick(double x, double bottom, string label) => Markup.Of($"""
        <line class="grid" x1="{x}" x2="{x}" y1="{Top}" y2="{bottom}"/>
        <text class="tick" x="{x}" y="{bottom + 16}" text-anchor="middle">{label}</text>
        """);

    private static Markup Row(DotRow row, double top, Func<double, double> x)
    {
        double y = top + 31, low = x(row.Interval.Low), high = x(row.Interval.High);
        return Markup.Of($"""
            <text class="row" x="{Left}" y="{top + 16}">{Shorten(row.Name, 34)}</text>
            <text class="value" x="{Width - Right}" y="{top + 16}" text-anchor="end">{Numbers.Share(row.Mean)} {Numbers.Interval(row.Interval)}</text>
            <path class="interval {row.Style.Colour}" d="M{low} {y - 6}V{y + 6}M{high} {y - 6}V{y + 6}M{low} {y}H{high}"/>
            <circle class="dot {row.Style.Colour}" cx="{x(row.Mean)}" cy="{y}" r="4.2"/>
            {row.Seeds.Select(s => Markup.Of($"<circle class=\"ring {row.Style.Colour}\" cx=\"{x(s)}\" cy=\"{y + 11}\" r=\"2.4\"/>"))}
            """);
    }

    /// <summary>SVG text does not wrap: cut where a character (with its marks and joiners) ends.</summary>
    internal static string Shorten(string name, int most)
    {
        var parts = new System.Globalization.StringInfo(name);
        return parts.LengthInTextElements <= most ? name : parts.SubstringByTextElements(0, most - 1) + "…";
    }
}
