namespace Understudy.Evaluation.Utility;

/// <summary>
/// Area under the receiver operating characteristic, one class against the rest: the probability that an image of the class gets
/// a higher score for it than an image of another, ties counting one half (the Mann–Whitney statistic; Hanley and McNeil 1982).
/// </summary>
/// <param name="PerClass">One area per class in [0, 1]; null where the test set has no image of the class, or only such
/// images.</param>
/// <param name="Macro">The mean over the classes that have one; null when none has.</param>
public sealed record Auroc(IReadOnlyList<double?> PerClass, double? Macro)
{
    public static Auroc From(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var ones = new int[predictions.Count];
        Array.Fill(ones, 1);
        var areas = new double?[predictions.Classes.Count];
        for (int k = 0; k < areas.Length; k++) areas[k] = new RankedScores(predictions, k).Area(ones);
        return new(areas, areas.Average());
    }
}

/// <summary>The scores of one class sorted once, so that an area under any weighting of the images costs one pass.</summary>
internal sealed class RankedScores
{
    private readonly int[] _order;
    private readonly bool[] _positive, _lastOfTie;

    public RankedScores(Predictions predictions, int k)
    {
        var scores = new float[predictions.Count];
        for (int i = 0; i < scores.Length; i++) scores[i] = predictions.Probabilities[i, k];
        _order = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort(scores, _order);
        _positive = [.. _order.Select(i => predictions.Labels[i] == k)];
        _lastOfTie = new bool[scores.Length];
        for (int i = 0; i < scores.Length; i++) _lastOfTie[i] = i + 1 == scores.Length || scores[i + 1] != scores[i];
    }

    /// <param name="weights">How often each image counts: all 1, or a bootstrap sample's multiplicities.</param>
    /// <returns>Null without a positive or without a negative image.</returns>
    public double? Area(ReadOnlySpan<int> weights)
    {
        // In whole numbers, and doubled so that a tie's half is whole too: exact, whatever the order of the images.
        long twice = 0, below = 0, positives = 0, tiedPositives = 0, tiedNegatives = 0;
        for (int i = 0; i < _order.Length; i++)
        {
            var w = weights[_order[i]];
            if (_positive[i]) tiedPositives += w;
            else tiedNegatives += w;
            if (!_lastOfTie[i]) continue;
            twice += tiedPositives * (2 * below + tiedNegatives);
            below += tiedNegatives;
            positives += tiedPositives;
            tiedPositives = tiedNegatives = 0;
        }
        return positives == 0 || below == 0 ? null : twice / (2.0 * positives * below);
    }
}
