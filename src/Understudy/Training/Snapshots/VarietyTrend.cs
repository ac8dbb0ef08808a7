namespace Understudy.Training;

/// <summary>
/// Notices classes whose variety is lost slowly, long before <see cref="DivergenceAlarm"/> calls them collapsed: what each class
/// covers of its real images is held against its own best. Going back a snapshot would not mend that, so it is said, and no more.
/// </summary>
/// <remarks>
/// The bound is from docs/results/sweep.md: in three sound runs on FER2013 no class fell under .86 of its best twice in a row; in
/// the one that collapsed the first class did after 120 kimg, when the sheets began to show it.
/// </remarks>
internal sealed class VarietyTrend(GanTrainingOptions options)
{
    /// <summary>Under this share of its best coverage a class is losing its variety …</summary>
    internal const double Share = 0.6;

    /// <summary>… if so many measurements in a row say it.</summary>
    internal const int InARow = 2;

    private readonly SortedDictionary<string, Trend> _classes = new(StringComparer.Ordinal);

    /// <param name="Best">The most that was covered so far.</param>
    /// <param name="BestKimg">When that was.</param>
    /// <param name="Low">Measurements in a row under the bound.</param>
    private readonly record struct Trend(double Best, double BestKimg, int Low);

    /// <summary>A warning at the measurement that makes a class one that loses its variety; else null.</summary>
    public string? Observe(double kimg, Quality quality)
    {
        var fading = quality.Groups.Where(c => c.Fidelity.Reals >= DivergenceAlarm.EnoughForCoverage)
            .Select(c => Observe(kimg, c.Name, c.Fidelity.Coverage)).OfType<string>().ToList();
        return fading.Count == 0 ? null : FormattableString.Invariant(
            $"after {kimg:0.#} kimg classes lose their variety: {string.Join("; ", fading)}. {GeneratorFile.BestName} keeps the generator of the least FD{AdviceOn(options)}");
    }

    /// <summary>The one cause that was seen (docs/adr/0006).</summary>
    internal static string AdviceOn(GanTrainingOptions options) =>
        options.Condition == Condition.Classes && options.ClassWeightOnFakes > 0
        ? FormattableString.Invariant($"; for a new run: a smaller generator_class_weight (now {options.ClassWeightOnFakes})")
        : "";

    private string? Observe(double kimg, string name, double? coverage)
    {
        if (coverage is not { } now) return null;
        if (!_classes.TryGetValue(name, out var known) || now >= known.Best)
        {
            _classes[name] = new(now, kimg, 0);
            return null;
        }
        var low = now < Share * known.Best ? known.Low + 1 : 0;
        _classes[name] = known with { Low = low };
        return low != InARow ? null : FormattableString.Invariant(
            $"images of '{name}' come near {100 * now:0} % of the real ones, it was {100 * known.Best:0} % after {known.BestKimg:0.#} kimg");
    }

    public void Register(TrainingState state) => state.Add("variety",
        () => _classes.SelectMany(c => new KeyValuePair<string, double>[]
        {
            new(c.Key + "/best", c.Value.Best), new(c.Key + "/kimg", c.Value.BestKimg), new(c.Key + "/low", c.Value.Low),
        }),
        saved =>
        {
            _classes.Clear();
            foreach (var (key, best) in saved.Where(s => s.Key.EndsWith("/best", StringComparison.Ordinal)))
            {
                var name = key[..^"/best".Length];
                _classes[name] = new(best, saved[name + "/kimg"], (int)saved[name + "/low"]);
            }
        });
}
