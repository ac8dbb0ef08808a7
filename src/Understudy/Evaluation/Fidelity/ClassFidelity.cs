namespace Understudy.Evaluation.Fidelity;

/// <summary>Fidelity and diversity of one class: a mean over all can hide a class that collapsed.</summary>
/// <param name="Report">Null where the class has too few images; <paramref name="Note"/> then says how many it needs.</param>
public sealed record ClassFidelity(string Class, FidelityReport? Report, string? Note)
{
    /// <summary>Every class by itself, in class order.</summary>
    /// <param name="realLabels">The class of each real row.</param>
    /// <param name="syntheticLabels">The class that each synthetic row was asked to show.</param>
    /// <exception cref="ArgumentException">Labels that do not fit the rows or the classes.</exception>
    public static IReadOnlyList<ClassFidelity> Measure(
        Features real, IReadOnlyList<int> realLabels, Features synthetic, IReadOnlyList<int> syntheticLabels,
        IReadOnlyList<string> classes, FidelityOptions options)
    {
        ArgumentNullException.ThrowIfNull(classes);
        Require(real, realLabels, classes.Count, nameof(realLabels));
        Require(synthetic, syntheticLabels, classes.Count, nameof(syntheticLabels));
        return [.. classes.Select((name, k) =>
        {
            Features x = Of(real, realLabels, k), y = Of(synthetic, syntheticLabels, k);
            int reals = x.Distinct().Length, synthetics = y.Distinct().Length;
            return reals < 2 * FidelityReport.LeastImages || synthetics < FidelityReport.LeastImages
                ? new ClassFidelity(name, null,
                    $"{reals} distinct real and {synthetics} synthetic images; {2 * FidelityReport.LeastImages} and "
                    + $"{FidelityReport.LeastImages} are the least")
                : new(name, FidelityReport.Measure(x, y, options), null);
        })];
    }

    private static Features Of(Features features, IReadOnlyList<int> labels, int k) =>
        features.Select([.. Enumerable.Range(0, features.Count).Where(i => labels[i] == k)]);

    private static void Require(Features features, IReadOnlyList<int> labels, int classes, string name)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels, name);
        if (labels.Count != features.Count)
            throw new ArgumentException($"{labels.Count} labels for {features.Count} images", name);
        if (labels.FirstOrDefault(l => (uint)l >= (uint)classes, 0) is var wrong && (uint)wrong >= (uint)classes)
            throw new ArgumentException($"label {wrong} of {classes} classes", name);
    }
}
