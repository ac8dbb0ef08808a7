using Understudy.Common;

namespace Understudy.Studies;

/// <summary>
/// A time turned into work: kimg of each generator, epochs of each classifier. Hashed with the study it changes.
/// </summary>
/// <param name="Minutes">What was asked for.</param>
/// <param name="Speed">How many times longer than the estimate the probe took.</param>
internal sealed record Budget(double Minutes, double Speed, IReadOnlyDictionary<string, double> Kimg,
    IReadOnlyDictionary<string, int> Epochs)
{
    /// <summary>The share of the time that is planned for; the rest is for what estimates miss.</summary>
    private const double Planned = .9;

    /// <summary>Classifiers keep the study's epochs as long as they take no more than this share.</summary>
    private const double ClassifierShare = .4;

    /// <summary>Halvings of an interval of scales: more digits than an estimate has.</summary>
    private const int Halvings = 30;

    /// <summary>The most that a study's kimg are multiplied by.</summary>
    private const double LargestScale = 1e6;

    /// <exception cref="OptionException">No time that a study could be fitted into.</exception>
    public static void RequireMinutes(double minutes) => OptionException.RequireRange("--minutes", minutes, .5, 100_000);

    /// <summary>
    /// Classifiers get the epochs the study asks for, or as many as fit in 40 % of the time; generators share what is left in the
    /// proportion of the study's kimg. Without generators, classifiers may take all.
    /// </summary>
    /// <param name="seconds">How long the whole study takes with (a multiple of its kimg, a share of its epochs), stages that run
    /// at once counted as such; grows with both.</param>
    /// <exception cref="OptionException">Not even the fixed parts fit.</exception>
    public static Budget Fit(Study study, double minutes, double speed, Func<double, double, double> seconds)
    {
        RequireMinutes(minutes);
        var (planned, idle) = (60 * minutes * Planned, seconds(0, 0));
        var share = study.Generators.Count == 0 ? 1 : ClassifierShare;
        var epochScale = Largest(e => seconds(0, e) <= idle + share * (planned - idle), 1);
        var kimgScale = study.Generators.Count == 0 ? 1 : Largest(k => seconds(k, epochScale) <= planned, LargestScale);
        if (planned <= idle || kimgScale < .001)
        {
            throw new OptionException(FormattableString.Invariant(
                $"--minutes {minutes}: reading, testing and reporting alone take about {Human.Duration(TimeSpan.FromSeconds(idle))} here; give more"));
        }
        return new(minutes, Math.Round(speed, 3),
            study.Generators.ToDictionary(g => g.Name, g => Round(g.Options.Kimg * kimgScale)),
            study.Classifiers.ToDictionary(c => c.Name, c => Math.Max(1, (int)Math.Floor(c.Options.Epochs * epochScale + 1e-6))));
    }

    public Study Apply(Study study) => study with
    {
        Generators = [.. study.Generators.Select(g => g with { Options = g.Options with { Kimg = Kimg[g.Name] } })],
        Classifiers = [.. study.Classifiers.Select(c => c with
        {
            Options = c.Options with { Epochs = Epochs[c.Name],
                Steps = c.Options.Steps is { } s
                    ? Math.Max(Epochs[c.Name], (int)((long)s * Epochs[c.Name] / c.Options.Epochs)) : null },
        })],
    };

    /// <summary>The largest scale up to <paramref name="most"/> that fits, by halving; 0 where none does.</summary>
    private static double Largest(Func<double, bool> fits, double most)
    {
        if (fits(most)) return most;
        double low = 0, high = Math.Min(1, most);
        while (high < most && fits(high)) (low, high) = (high, 2 * high);
        for (int i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (fits(middle)) low = middle;
            else high = middle;
        }
        return low;
    }

    /// <summary>Three digits are as many as an estimate has.</summary>
    private static double Round(double kimg)
    {
        if (kimg < .001) return .001;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(kimg)) - 2);
        return Math.Max(.001, Math.Floor(kimg / unit + 1e-6) * unit);
    }
}
