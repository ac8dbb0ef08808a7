using Understudy.Evaluation;
using Understudy.Evaluation.Fidelity;
using Understudy.Evaluation.Numerics;

namespace Understudy.Training;

/// <summary>Real images of several classes in some features, ready to hold generated ones against: in the principal components of them all.</summary>
internal sealed class Yardsticks
{
    private readonly FidelityYardstick[] _classes;

    /// <param name="reals">Each class's; at least two images in all.</param>
    public Yardsticks(IReadOnlyList<Features> reals)
    {
        var all = new Features([.. reals.SelectMany(f => Enumerable.Range(0, f.Count).SelectMany(i => f[i].ToArray()))], reals[0].Dimension);
        var pca = Pca.Fit(all, Math.Min(FidelityYardstick.MostComponents, Math.Min(all.Dimension, all.Count - 1)));
        _classes = [.. reals.Select(f => new FidelityYardstick(f, pca))];
    }

    /// <param name="group">The place of the class among the reals.</param>
    /// <param name="synthetic">Generated for it, as many as there are reals.</param>
    public QuickFidelity Measure(int group, Features synthetic) => _classes[group].Measure(synthetic);
}
