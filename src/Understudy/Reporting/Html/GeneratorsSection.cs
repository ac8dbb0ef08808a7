using System.Buffers.Binary;
using Understudy.Reporting.Figures;

namespace Understudy.Reporting.Html;

/// <summary>What the generators draw, class by class, and how they learned it.</summary>
internal static class GeneratorsSection
{
    public static Markup Of(StudyResult study) => study.Generators.Count == 0 ? Markup.None : Markup.Of($"""
        <section><h2>The generator{(study.Generators.Count > 1 ? "s" : "")}</h2>{study.Generators.Select(Generator)}</section>
        """);

    private const string Kimg = "thousands of images shown (kimg)";

    private static Markup Generator(GeneratorResult g) => Markup.Of($"""
        <h3><bdi>{g.Name}</bdi></h3><p>{g.Description}</p>
        {Sheets(g)}
        <div class="pair">{Losses(g)}{g.Quality.Select((q, i) => Quality(g, q, i))}</div>
        """);

    private static Markup Losses(GeneratorResult g) => g.Losses.Count == 0 ? Markup.None : Markup.Of($"""
        <figure>{LineChart.Draw($"Losses of generator {g.Name}", Kimg, "loss", [.. g.Losses.Select(Line)])}{Thinned(g.Losses)}</figure>
        """);

    private static Markup Quality(GeneratorResult g, CurveSeries q, int i) => Markup.Of($"""
        <figure>{LineChart.Draw($"{q.Name} of generator {g.Name}", Kimg, q.Name, [Line(q, i)])}{Thinned([q])}</figure>
        """);

    private static Line Line(CurveSeries s, int i) => new(s.Name, s.Points, Palette.At(i));

    private static Markup Thinned(IReadOnlyList<CurveSeries> curves)
    {
        var most = curves.Max(c => c.Points.Count);
        var lost = curves.Sum(c => c.Points.Count(p => !double.IsFinite(p.Y)));
        var size = (most + LineChart.MostPoints - 1) / LineChart.MostPoints;
        var words = (size > 1 ? $"Each point is the mean of {size} records. " : "")
            + (lost > 0 ? $"{Numbers.Count(lost)} values were no finite numbers and are not drawn." : "");
        return words.Length == 0 ? Markup.None : Markup.Of($"<figcaption>{words}</figcaption>");
    }

    private static Markup Sheets(GeneratorResult g)
    {
        if (g.Sheets.Count == 0) return Markup.None;
        var pairs = g.TrueSheets.ToDictionary(s => s.Class, StringComparer.Ordinal);
        return pairs.Count == 0
            ? Markup.Of($"""<div class="sheets">{g.Sheets.Select(s => Markup.Of($"{Name(s)}{Image(s, "synthetic")}"))}</div>""")
            : Markup.Of($"""
                <div class="sheets two"><span class="head"></span><span class="head">synthetic</span><span class="head">true</span>
                {g.Sheets.Select(s => Markup.Of($"{Name(s)}{Image(s, "synthetic")}{True(s.Class)}"))}</div>
                """);

        Markup True(string name) => pairs.TryGetValue(name, out var sheet) ? Image(sheet, "true") : Markup.Of($"<span></span>");
    }

    private static Markup Name(ClassSheet s) => Markup.Of($"""<span class="name"><bdi>{s.Class}</bdi></span>""");

    private static Markup Image(ClassSheet s, string kind)
    {
        var (width, height) = PngSize(s);
        return Markup.Of($"""
            <span><span class="of">{kind}</span><img width="{width}" height="{height}" alt="{s.Images} {kind} images of class {s.Class}"
            src="data:image/png;base64,{Convert.ToBase64String(s.Png)}"/></span>
            """);
    }

    private static (int Width, int Height) PngSize(ClassSheet sheet)
    {
        ReadOnlySpan<byte> signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
        if (sheet.Png.Length < 24 || !sheet.Png.AsSpan().StartsWith(signature))
            throw new InvalidDataException($"the sheet of class '{sheet.Class}' is not a PNG file: make the sheets again");
        return (BinaryPrimitives.ReadInt32BigEndian(sheet.Png.AsSpan(16)),
            BinaryPrimitives.ReadInt32BigEndian(sheet.Png.AsSpan(20)));
    }
}
