namespace Understudy.Reporting;

/// <summary>How a generator's training went, over thousands of images shown (kimg).</summary>
/// <param name="Losses">Comparable with each other.</param>
/// <param name="Quality">Each with a scale of its own.</param>
internal sealed record GeneratorCurves(IReadOnlyList<CurveSeries> Losses, IReadOnlyList<CurveSeries> Quality)
{
    private static readonly (string Key, string Name)[] LossNames =
    [
        ("loss/generator", "generator"), ("loss/discriminator", "discriminator"),
        ("loss/discriminator_fake", "discriminator fake"), ("loss/discriminator_real", "discriminator real"),
        ("loss/discriminator_class", "class head on real images"), ("loss/generator_class", "class head on the generator's"),
    ];

    /// <summary>Means over the classes; the last three only with a judge.</summary>
    private static readonly (string Key, string Name)[] Measures =
    [
        ("quality/fd", "Fréchet distance"), ("quality/coverage", "coverage of real images"), ("quality/spread", "spread"),
        ("quality/judge/fd", GeneratorResult.JudgeName + "Fréchet distance"),
        ("quality/judge/coverage", GeneratorResult.JudgeName + "coverage of real images"),
        ("quality/judge/agreement", GeneratorResult.JudgeName + "agreement"),
    ];

    /// <param name="stats">The lines of a run's <c>stats.jsonl</c>.</param>
    public static GeneratorCurves Of(IEnumerable<IReadOnlyDictionary<string, double>> stats)
    {
        // What has no place on the axis cannot be drawn.
        var lines = stats.Where(l => l.ContainsKey("kimg")).ToList();
        return new(Named(LossNames), Named(Measures));

        CurveSeries[] Named((string Key, string Name)[] names) => [.. names.Select(n => new CurveSeries(n.Name,
            [.. lines.Where(l => l.ContainsKey(n.Key)).Select(l => new CurvePoint(l["kimg"], l[n.Key]))]))
            .Where(c => c.Points.Count > 0)];
    }
}
