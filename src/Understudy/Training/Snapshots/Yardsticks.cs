using Understudy.Evaluation;
using Understudy.Evaluation.Fidelity;
using Understudy.Evaluation.Numerics;

namespace Understudy.Training;

/// <summary>
/// Real images of several classes in some features, ready to hold generated ones against: in the principal components of them
/// all.
/// </summary>
internal sealed class Yardsticks
{
    private readonly FidelityYardstick[] _classes;
    private readonly FidelityYardstick _together;

    /// <param name="reals">Each class's; at least two images in all.</param>
    public Yardsticks(IReadOnlyList<Features> reals)
    {
        var all = Joined(reals);
        var pca = Pca.Fit(all, Math.Min(FidelityYardstick.MostComponents, Math.Min(all.Dimension, all.Count - 1)));
        (_classes, _together) = ([.. reals.Select(f => new FidelityYardstick(f, pca))], new(all, pca));
    }

    /// <param name="group">The place of the class among the reals.</param>
    /// <param name="synthetic">Generated for it, as many as there are reals.</param>
    public QuickFidelity Measure(int group, Features synthetic) => _classes[group].Measure(synthetic);

    /// <param name="synthetic">Each class's, as for <see cref="Measure"/>: held against the reals of all classes as one.</param>
    public QuickFidelity MeasureTogether(IReadOnlyList<Features> synthetic) => _together.Measure(Joined(synthetic));

    private static Features Joined(IReadOnlyList<Features> classes) =>
        new([.. classes.SelectMany(f => Enumerable.Range(0, f.Count).SelectMany(i => f[i].ToArray()))], classes[0].Dimension);
}
