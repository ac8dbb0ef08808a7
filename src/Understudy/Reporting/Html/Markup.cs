using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Understudy.Reporting.Html;

/// <summary>
/// A piece of finished markup. The only way to make one from text is <see cref="Of"/>, which escapes every hole that is not
/// itself finished markup: <c>Markup.Of($"&lt;td&gt;{name}&lt;/td&gt;")</c> is safe whatever the name. What it gives is
/// well-formed as XML too.
/// </summary>
internal readonly record struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    public static Markup None => default;

    public static Markup Of(ref Builder builder) => new(builder.Finish());

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(p => p.ToString())));

    /// <summary>Our own style sheet, which must not be escaped.</summary>
    public static Markup Trusted(string text) => new(text);

    public override string ToString() => _text ?? "";

    /// <summary>Escapes for text and for attributes in double quotes; what XML cannot carry becomes U+FFFD.</summary>
    internal static void Escape(StringBuilder into, ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '&') into.Append("&amp;");
            else if (c == '<') into.Append("&lt;");
            else if (c == '>') into.Append("&gt;");
            else if (c == '"') into.Append("&quot;");
            else if (c == '\'') into.Append("&#39;");
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                into.Append(c).Append(text[++i]);
            else if (char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF' || (char.IsControl(c) && c is not ('\n' or '\t')))
                into.Append('\uFFFD');
            else into.Append(c);
        }
    }

    [InterpolatedStringHandler]
    internal readonly ref struct Builder
    {
        private readonly StringBuilder _text;

        public Builder(int literalLength, int formattedCount) => _text = new(literalLength + formattedCount * 12);

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(Markup markup) => _text.Append(markup.ToString());

        public void AppendFormatted(IEnumerable<Markup> parts)
        {
            foreach (var p in parts) _text.Append(p.ToString());
        }

        public void AppendFormatted(string? text) => Escape(_text, text);

        public void AppendFormatted(long number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

        /// <summary>Coordinates: a tenth of a pixel is enough.</summary>
        public void AppendFormatted(double coordinate) => _text.Append(coordinate.ToString("0.#", CultureInfo.InvariantCulture));

        public string Finish() => _text.ToString();
    }
}
