using Understudy.Common;

namespace Understudy.Studies;

/// <summary>A time turned into work: kimg of each generator, epochs of each classifier. Hashed with the study it changes.</summary>
/// <param name="Minutes">What was asked for.</param>
/// <param name="Speed">How many times longer than the estimate the probe took.</param>
internal sealed record Budget(double Minutes, double Speed, IReadOnlyDictionary<string, double> Kimg, IReadOnlyDictionary<string, int> Epochs)
{
    /// <summary>The share of the time that is planned for; the rest is for what estimates miss.</summary>
    private const double Planned = .9;

    /// <summary>Classifiers keep the study's epochs as long as they take no more than this share.</summary>
    private const double ClassifierShare = .4;

    /// <summary>
    /// Classifiers get the epochs the study asks for, or as many as fit in 40 % of the time; generators share what is left in the
    /// proportion of the study's kimg. Without generators, classifiers may take all. Seconds are of all stages of a kind, at the study's own numbers.
    /// </summary>
    /// <exception cref="OptionException">Not even the fixed parts fit.</exception>
    public static Budget Fit(Study study, double minutes, double speed, double fixedSeconds, double generatorSeconds, double classifierSeconds)
    {
        OptionException.RequireRange("--minutes", minutes, .5, 100_000);
        var available = 60 * minutes * Planned - fixedSeconds;
        var share = study.Generators.Count == 0 ? 1 : ClassifierShare;
        var forClassifiers = Math.Min(classifierSeconds, share * available);
        var epochScale = classifierSeconds > 0 ? forClassifiers / classifierSeconds : 1;
        var kimgScale = generatorSeconds > 0 ? (available - forClassifiers) / generatorSeconds : 1;
        if (available <= 0 || kimgScale < .001)
        {
            throw new OptionException(FormattableString.Invariant(
                $"--minutes {minutes}: reading, testing and reporting alone take about {Human.Duration(TimeSpan.FromSeconds(fixedSeconds))} here; give more"));
        }
        return new(minutes, Math.Round(speed, 3),
            study.Generators.ToDictionary(g => g.Name, g => Round(g.Options.Kimg * kimgScale)),
            study.Classifiers.ToDictionary(c => c.Name, c => Math.Max(1, (int)Math.Floor(c.Options.Epochs * epochScale + 1e-9))));
    }

    public Study Apply(Study study) => study with
    {
        Generators = [.. study.Generators.Select(g => g with { Options = g.Options with { Kimg = Kimg[g.Name] } })],
        Classifiers = [.. study.Classifiers.Select(c => c with
        {
            Options = c.Options with { Epochs = Epochs[c.Name], Steps = c.Options.Steps is { } s ? Math.Max(Epochs[c.Name], (int)((long)s * Epochs[c.Name] / c.Options.Epochs)) : null },
        })],
    };

    /// <summary>Three digits are as many as an estimate has.</summary>
    private static double Round(double kimg)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(kimg)) - 2);
        return Math.Max(.001, Math.Floor(kimg / unit) * unit);
    }
}
