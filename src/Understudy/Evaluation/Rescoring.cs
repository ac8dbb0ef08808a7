namespace Understudy.Evaluation;

/// <summary>Another way to score a test that was made: images left out, labels replaced. Nothing is predicted anew.</summary>
/// <param name="Name">For a table's heading: "without copies of training images".</param>
/// <param name="Description">What is left out or replaced, and by what rule.</param>
/// <param name="LeftOut">Image id → why it does not count.</param>
/// <param name="Labels">Image id → the name of its class; null: labels stay.</param>
public sealed record Rescoring(
    string Name, string Description, IReadOnlyDictionary<string, string> LeftOut,
    IReadOnlyDictionary<string, string>? Labels = null)
{
    /// <summary>The predictions that count, under the labels that count; in the order they had.</summary>
    /// <exception cref="InvalidDataException">Nothing is left, an image without a label, or a label that is no class.</exception>
    public Predictions Apply(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var kept = Enumerable.Range(0, predictions.Count).Where(i => !LeftOut.ContainsKey(predictions.Ids[i])).ToArray();
        if (kept.Length == 0)
            throw new InvalidDataException($"{Name}: no test image is left of {predictions.Count}; are the images of one data "
                + "set, and their ids the same?");
        var classes = predictions.Classes.Count;
        var table = new float[kept.Length, classes];
        for (int i = 0; i < kept.Length; i++)
        {
            for (int k = 0; k < classes; k++) table[i, k] = predictions.Probabilities[kept[i], k];
        }
        return new(predictions.Classes, [.. kept.Select(i => predictions.Ids[i])], [.. kept.Select(i => Label(predictions, i))],
            table);
    }

    /// <summary>How many of these predictions are left out, by reason, the most frequent first.</summary>
    public IReadOnlyList<(string Reason, int Images)> Counts(Predictions predictions) =>
        [.. predictions.Ids.Where(LeftOut.ContainsKey).CountBy(id => LeftOut[id])
            .OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => (r.Key, r.Value))];

    /// <summary>Both at once: what either leaves out is left out.</summary>
    public Rescoring And(Rescoring other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Labels is not null && other.Labels is not null)
            throw new ArgumentException("two scorings that both replace labels cannot be joined", nameof(other));
        var left = new Dictionary<string, string>(LeftOut, StringComparer.Ordinal);
        foreach (var (id, reason) in other.LeftOut) left.TryAdd(id, reason);
        return new($"{Name}, {other.Name}", $"{Description} {other.Description}", left, Labels ?? other.Labels);
    }

    private int Label(Predictions predictions, int i)
    {
        if (Labels is null) return predictions.Labels[i];
        if (!Labels.TryGetValue(predictions.Ids[i], out var name))
            throw new InvalidDataException(
                $"{Name}: image '{predictions.Ids[i]}' has no label; are these the labels of this data set?");
        var label = predictions.Classes.ToList().IndexOf(name);
        return label >= 0 ? label : throw new InvalidDataException(
            $"{Name}: image '{predictions.Ids[i]}' is labelled '{name}', which is none of "
            + $"[{string.Join(", ", predictions.Classes)}]");
    }
}
