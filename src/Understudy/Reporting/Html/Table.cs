namespace Understudy.Reporting.Html;

/// <summary>Tables that scroll sideways on a phone, can be reached by keyboard and are announced with their name.</summary>
internal static class Table
{
    /// <param name="label">What a screen reader calls the region.</param>
    /// <param name="caption">What stands above the table.</param>
    /// <param name="head">Cells of the head, from <see cref="Head"/> and <see cref="NumberHead"/>.</param>
    /// <param name="rows">Cells of each row, from <see cref="RowHead"/> and <see cref="Number(Markup)"/>.</param>
    public static Markup Of(string label, Markup caption, IEnumerable<Markup> head, IEnumerable<IEnumerable<Markup>> rows) => Markup.Of($"""
        <div class="wide" tabindex="0" role="region" aria-label="{label}"><table><caption>{caption}</caption>
        <thead><tr>{head}</tr></thead>
        <tbody>{rows.Select(r => Markup.Of($"<tr>{r}</tr>\n"))}</tbody></table></div>
        """);

    /// <summary>A column's name.</summary>
    public static Markup Head(string name) => Markup.Of($"""<th scope="col"><bdi>{name}</bdi></th>""");

    /// <summary>The name of a column of numbers.</summary>
    public static Markup NumberHead(string name) => Markup.Of($"""<th scope="col" class="n"><bdi>{name}</bdi></th>""");

    public static IEnumerable<Markup> NumberHeads(params string[] names) => names.Select(NumberHead);

    /// <summary>A row's name: untrusted text, kept apart from the direction of what follows.</summary>
    public static Markup RowHead(string name) => Markup.Of($"""<th scope="row"><bdi>{name}</bdi></th>""");

    public static Markup Number(Markup value) => Markup.Of($"""<td class="n">{value}</td>""");

    public static Markup Number(string text) => Markup.Of($"""<td class="n">{text}</td>""");

    public static Markup Text(Markup text) => Markup.Of($"<td>{text}</td>");
}
