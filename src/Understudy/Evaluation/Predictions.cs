using System.Globalization;
using Understudy.Common;

namespace Understudy.Evaluation;

/// <summary>
/// What a classifier said of a test set: for every image its id, its true label and one probability per class. Every metric,
/// test and diagnosis is computed from this, so nothing needs retraining to be scored again.
/// </summary>
public sealed class Predictions
{
    /// <summary>Its usual name in a folder.</summary>
    public const string FileName = "predictions.csv";

    /// <param name="probabilities">[N, K], each row summing to 1.</param>
    /// <exception cref="InvalidDataException">
    /// Lengths that disagree, a label outside the classes, an id given twice, a number that is none.
    /// </exception>
    public Predictions(IReadOnlyList<string> classes, IReadOnlyList<string> ids, IReadOnlyList<int> labels,
        float[,] probabilities)
    {
        (Classes, Ids, Labels, Probabilities) = (classes, ids, labels, probabilities);
        if (ids.Count != labels.Count || probabilities.GetLength(0) != ids.Count || probabilities.GetLength(1) != classes.Count)
        {
            throw new InvalidDataException($"predictions: {ids.Count} ids, {labels.Count} labels and a "
                + $"{probabilities.GetLength(0)}×{probabilities.GetLength(1)} table do not fit {classes.Count} classes");
        }
        if (classes.Distinct(StringComparer.Ordinal).Count() != classes.Count)
            throw new InvalidDataException($"predictions: a class is named twice in [{string.Join(", ", classes)}]");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < ids.Count; i++)
        {
            if (!seen.Add(ids[i])) throw new InvalidDataException($"predictions: image '{ids[i]}' stands twice");
            if ((uint)labels[i] >= (uint)classes.Count)
                throw new InvalidDataException($"predictions: image '{ids[i]}' has label {labels[i]} of {classes.Count} classes");
            for (int k = 0; k < classes.Count; k++)
            {
                if (!(probabilities[i, k] is >= 0 and <= 1.0001f))
                {
                    throw new InvalidDataException(FormattableString.Invariant(
                        $"predictions: image '{ids[i]}' has {probabilities[i, k]} for '{classes[k]}'; a probability is between 0 and 1"));
                }
            }
        }
    }

    /// <summary>Of sets one after another, by one classifier.</summary>
    internal static Predictions Concatenate(IReadOnlyList<Predictions> parts)
    {
        if (parts.Count == 1) return parts[0];
        var (count, classes) = (parts.Sum(p => p.Count), parts[0].Classes);
        var all = new float[count, classes.Count];
        var at = 0;
        foreach (var p in parts)
        {
            Buffer.BlockCopy(p.Probabilities, 0, all, at, p.Probabilities.Length * sizeof(float));
            at += p.Probabilities.Length * sizeof(float);
        }
        return new(classes, [.. parts.SelectMany(p => p.Ids)], [.. parts.SelectMany(p => p.Labels)], all);
    }

    public IReadOnlyList<string> Classes { get; }

    public IReadOnlyList<string> Ids { get; }

    public IReadOnlyList<int> Labels { get; }

    /// <summary>[N, K].</summary>
    public float[,] Probabilities { get; }

    public int Count => Ids.Count;

    /// <summary>The most probable class of each image; the first of equals.</summary>
    public int[] Predicted()
    {
        var predicted = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            for (int k = 1; k < Classes.Count; k++)
            {
                if (Probabilities[i, k] > Probabilities[i, predicted[i]]) predicted[i] = k;
            }
        }
        return predicted;
    }

    /// <summary>CSV: id, label (a class name), then one column per class, in class order. Numbers round-trip.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        using var w = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        w.Write(Csv.Row(["id", "label", .. Classes]));
        for (int i = 0; i < Count; i++)
        {
            w.Write(Csv.Row([Ids[i], Classes[Labels[i]],
                .. Enumerable.Range(0, Classes.Count)
                .Select(k => Probabilities[i, k].ToString("R", CultureInfo.InvariantCulture))]));
        }
    });

    /// <exception cref="InvalidDataException">The line and what is wrong with it.</exception>
    public static Predictions Load(string path) => PredictionTable.Load(path).ToPredictions(path);
}
