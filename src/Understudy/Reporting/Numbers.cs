using System.Globalization;
using Understudy.Evaluation.Statistics;

namespace Understudy.Reporting;

/// <summary>How numbers are printed, everywhere the same: shares as .623, counts as 3,589, the minus sign as −.</summary>
internal static class Numbers
{
    public const string None = "–";

    /// <summary>Three places without the leading zero: .623, 1.000, −.031; – for what is not a number.</summary>
    public static string Share(double? value)
    {
        if (value is not { } v || double.IsNaN(v)) return None;
        var text = Math.Abs(v).ToString("0.000", CultureInfo.InvariantCulture);
        var sign = v < 0 && text != "0.000" ? "−" : "";
        return sign + (text[0] == '0' ? text[1..] : text);
    }

    /// <summary>The same with its sign always shown, but for zero.</summary>
    public static string Signed(double value) => Share(value) is var text && value > 0 && text != ".000" ? "+" + text : text;

    /// <summary>.623 ± .021; only .623 for one seed.</summary>
    public static string WithSd(SeedSummary s) => s.Sd is { } sd ? $"{Share(s.Mean)} ± {Share(sd)}" : Share(s.Mean);

    public static string Interval(Interval i) => $"[{Share(i.Low)}, {Share(i.High)}]";

    public static string SignedInterval(Interval i) => $"[{Signed(i.Low)}, {Signed(i.High)}]";

    public static string Count(long n) => n.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>To whole percent: 61 %.</summary>
    public static string Percent(double share) =>
        Math.Round(share * 100).ToString("0", CultureInfo.InvariantCulture).Replace('-', '−') + " %";

    /// <summary>A confidence level, which may need its digits: 95 %, 99.9 %.</summary>
    public static string Level(double level) => (level * 100).ToString("0.###", CultureInfo.InvariantCulture) + " %";

    public static string PValue(double p) => p < 0.001 ? "< .001" : Share(p);

    /// <summary>42 s, 3 min 05 s, 2 h 07 min.</summary>
    public static string Duration(double seconds)
    {
        var t = (long)Math.Round(seconds);
        return t < 60 ? Inv($"{t} s") : t < 3600 ? Inv($"{t / 60} min {t % 60:00} s") : Inv($"{t / 3600} h {t / 60 % 60:00} min");
    }

    /// <summary>Enough digits to get the same double back: what a machine reads.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
