using System.Globalization;

namespace Understudy.Common;

/// <summary>Numbers as people read them; never parsed back.</summary>
internal static class Human
{
    /// <summary>"8 s", "2:05 min", "1:20 h".</summary>
    public static string Duration(TimeSpan t) => t.TotalSeconds < 60 ? Invariant($"{Math.Max(0, Math.Round(t.TotalSeconds)):0} s")
        : t.TotalMinutes < 60 ? Invariant($"{(int)t.TotalMinutes}:{t.Seconds:00} min")
        : Invariant($"{(int)t.TotalHours}:{t.Minutes:00} h");

    /// <summary>"713 B", "4.1 MB", "1.2 GB": powers of 1000.</summary>
    public static string Bytes(long n) => n < 1000 ? Invariant($"{n} B") : n < 1_000_000 ? Invariant($"{n / 1e3:0.#} kB")
        : n < 1_000_000_000 ? Invariant($"{n / 1e6:0.#} MB") : Invariant($"{n / 1e9:0.##} GB");

    /// <summary>"1,234", "0.5": thousands grouped, at most one digit after the point.</summary>
    public static string Count(double n) => n.ToString("#,0.#", CultureInfo.InvariantCulture);

    /// <summary>"1 thread", "1,234 threads".</summary>
    public static string Count(int n, string noun) => $"{Count(n)} {noun}{(n == 1 ? "" : "s")}";

    /// <summary>What a message quotes of a file: its first 160 characters on one line, and "…" where there were more.</summary>
    public static string Short(string text) => (text.Length <= 160 ? text : text[..160] + "…").ReplaceLineEndings(" ");

    /// <summary>What a terminal shows and does not obey: a file's name may hold control characters, which become <c>\x1b</c>;
    /// lines and tabs stay.</summary>
    public static string Visible(string text) => !text.Any(char.IsControl) ? text : string.Concat(text.ReplaceLineEndings("\n")
        .Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? Invariant($"\\x{(int)c:x2}") : c.ToString()));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
