using System.Text;

namespace Understudy.Data;

/// <summary>
/// Class names and ids as names of files that every system takes: separators, control characters, <c>&lt; &gt; : " | ? *</c>, '%'
/// itself, a leading dot, a trailing dot or space, and the first letter of Windows' device names become %XX of their UTF-8 bytes.
/// <c>labels.csv</c> keeps the name as it was.
/// </summary>
internal static class SafeName
{
    private const string Unsafe = "<>:\"/\\|?*%";

    public static string Of(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var to = new StringBuilder(name.Length);
        var device = IsDevice(name.Split('.', 2)[0].TrimEnd());
        for (int i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var last = i == name.Length - 1;
            if (char.IsControl(c) || Unsafe.Contains(c) || (c == '.' && (i == 0 || last)) || (c == ' ' && (i == 0 || last))
                || (i == 0 && device)) Escape(to, c);
            else to.Append(c);
        }
        return to.ToString();
    }

    private static void Escape(StringBuilder to, char c)
    {
        foreach (var b in Encoding.UTF8.GetBytes([c]))
            to.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static bool IsDevice(string stem) => stem.ToUpperInvariant() is "CON" or "PRN" or "AUX" or "NUL"
        || (stem.Length == 4 && char.IsAsciiDigit(stem[3]) && stem[..3].ToUpperInvariant() is "COM" or "LPT");
}
