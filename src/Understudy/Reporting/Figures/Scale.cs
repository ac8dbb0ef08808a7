using System.Globalization;

namespace Understudy.Reporting.Figures;

/// <summary>A linear axis whose ends and ticks are round numbers: 1, 2 or 5 times a power of ten apart.</summary>
internal sealed class Scale
{
    private readonly double _low, _high;
    private readonly int _places;

    /// <param name="low">Least value to be shown.</param>
    /// <param name="high">Greatest.</param>
    /// <param name="ticks">About how many steps.</param>
    /// <param name="tight">The ends are the data's, and only the ticks are round: for time axes.</param>
    /// <param name="whole">Ticks are whole numbers: for what is counted.</param>
    public Scale(double low, double high, int ticks = 5, bool tight = false, bool whole = false)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high)) (low, high) = (0, 1);
        if (high - low <= Math.Max(Math.Abs(low), Math.Abs(high)) * 1e-9)
        {
            var around = low == 0 || whole ? 0.5 : Math.Abs(low) / 10;
            (low, high) = (low - around, high + around);
        }
        var rough = (high - low) / ticks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        if (whole) step = Math.Max(1, step);
        // A hair inside, so that .6000000001 does not cost a whole step.
        double first = Math.Floor(low / step + 1e-6), last = Math.Ceiling(high / step - 1e-6);
        if (tight)
        {
            // An end that nearly is a tick becomes one.
            if (low - first * step < (high - low) * 0.02) low = first * step;
            if (last * step - high < (high - low) * 0.02) high = last * step;
            first = Math.Ceiling(low / step - 1e-6);
            last = Math.Floor(high / step + 1e-6);
        }
        (_low, _high) = tight ? (low, high) : (first * step, last * step);
        _places = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 12);
        Ticks = [.. Enumerable.Range(0, (int)Math.Round(last - first) + 1).Select(i => (first + i) * step)];
    }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>0 at the lower end, 1 at the upper; clamped.</summary>
    public double Place(double value) => Math.Clamp((value - _low) / (_high - _low), 0, 1);

    public string Label(double tick)
    {
        if (Math.Abs(tick) >= 100_000) return Numbers.Inv($"{tick:0.##e0}").Replace('-', '−');
        var text = Math.Abs(tick) >= 10_000 || _places == 0
            ? Numbers.Inv($"{Math.Abs(tick):#,0}")
            : Math.Abs(tick).ToString("F" + _places, CultureInfo.InvariantCulture);
        if (text.All(c => c is '0' or '.')) return "0";
        if (text.StartsWith("0.", StringComparison.Ordinal)) text = text[1..];
        return (tick < 0 ? "−" : "") + text;
    }
}
