using Understudy.Evaluation.Utility;

namespace Understudy.Evaluation.Statistics;

/// <summary>Scores one test under many weightings of its images: what can be sorted or decided once is.</summary>
internal sealed class ResampledScorer
{
    private readonly int[] _labels, _predicted;
    private readonly RankedScores[] _ranked;

    public ResampledScorer(Predictions predictions)
    {
        _labels = [.. predictions.Labels];
        _predicted = predictions.Predicted();
        _ranked = [.. predictions.Classes.Select((_, k) => new RankedScores(predictions, k))];
    }

    /// <summary>
    /// Adds each measure of the weighted test set to <paramref name="sums"/>, indexed by <see cref="Measure"/>.
    /// </summary>
    public void Add(ReadOnlySpan<int> weights, Span<double> sums)
    {
        var k = _ranked.Length;
        Span<long> hits = new long[k], support = new long[k], predicted = new long[k];
        long total = 0, correct = 0;
        for (int i = 0; i < _labels.Length; i++)
        {
            var w = weights[i];
            support[_labels[i]] += w;
            predicted[_predicted[i]] += w;
            total += w;
            if (_labels[i] != _predicted[i]) continue;
            hits[_labels[i]] += w;
            correct += w;
        }
        double precision = 0, recall = 0, f1 = 0, areas = 0;
        int withArea = 0;
        for (int c = 0; c < k; c++)
        {
            if (predicted[c] > 0) precision += (double)hits[c] / predicted[c];
            if (support[c] > 0) recall += (double)hits[c] / support[c];
            if (support[c] + predicted[c] > 0) f1 += 2.0 * hits[c] / (support[c] + predicted[c]);
            if (_ranked[c].Area(weights) is not { } area) continue;
            areas += area;
            withArea++;
        }
        sums[(int)Measure.Accuracy] += (double)correct / total;
        sums[(int)Measure.MacroPrecision] += precision / k;
        sums[(int)Measure.MacroRecall] += recall / k;
        sums[(int)Measure.MacroF1] += f1 / k;
        sums[(int)Measure.MacroAuroc] += withArea == 0 ? double.NaN : areas / withArea;
    }
}
